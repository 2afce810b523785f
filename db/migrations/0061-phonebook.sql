-- People a service knows. Who they are is sealed; they are found by the blind indexes of their number and their address.
create table contacts (
  id uuid primary key,
  service_id uuid not null references services (id),
  number_index bytea,
  address_index bytea,
  sealed_details bytea not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  check (number_index is not null or address_index is not null),
  -- Judged when a statement ends: a table that is imported may have numbers change hands.
  constraint contacts_by_number unique (service_id, number_index) deferrable,
  constraint contacts_by_address unique (service_id, address_index) deferrable
);
create index contacts_by_service on contacts (service_id, id desc);

-- How many contacts a service has. Whoever writes contacts locks its row first, so that two who bring the same person make one contact.
create table contact_totals (
  service_id uuid primary key references services (id),
  contacts integer not null default 0 check (contacts >= 0)
) with (fillfactor = 50);

create table contact_groups (
  id uuid primary key,
  service_id uuid not null references services (id),
  name text not null,
  created_at timestamptz not null
);
create unique index contact_groups_by_name on contact_groups (service_id, lower(name));
create index contact_groups_by_service on contact_groups (service_id, id desc);

create table contact_group_members (
  group_id uuid not null references contact_groups (id) on delete cascade,
  contact_id uuid not null references contacts (id) on delete cascade,
  added_at timestamptz not null,
  primary key (group_id, contact_id)
);
create index contact_group_members_by_contact on contact_group_members (contact_id);

-- Who said yes to what, when and how; and that they took it back. It goes with the contact.
create table contact_consents (
  id uuid primary key,
  contact_id uuid not null references contacts (id) on delete cascade,
  purpose text not null,
  given_at timestamptz not null,
  withdrawn_at timestamptz,
  -- How each was said, in the service's words.
  sealed_words bytea not null
);
create index contact_consents_by_contact on contact_consents (contact_id, id);
create unique index contact_consents_once on contact_consents (contact_id, purpose) where withdrawn_at is null;

alter table services add column contacts_max integer not null default 1000000 check (contacts_max >= 0);

-- A table of contacts that somebody has brought and is looking at, before it goes in.
create table contact_import_drafts (
  id uuid primary key,
  service_id uuid not null references services (id),
  user_id uuid not null,
  sealed_table bytea not null,
  group_id uuid,
  saved_at timestamptz not null
);
create index contact_import_drafts_by_age on contact_import_drafts (saved_at);

-- One message to a whole group. Members are sent to in the order of their ids; `cursor` is the last that was dealt with, and moves
-- together with the counts.
create table group_sends (
  id uuid primary key,
  service_id uuid not null references services (id),
  group_id uuid not null,
  -- With which key it was asked for, or by whom.
  api_key_id uuid,
  created_by_name text,
  template_id uuid not null,
  channel text not null check (channel in ('sms', 'email')),
  -- What every message of it has in common: values, sender, reference.
  sealed_request bytea not null,
  status text not null default 'sending' check (status in ('sending', 'sent', 'stopped', 'cancelled')),
  -- Why it was stopped, in words.
  stopped_because text,
  cursor uuid,
  -- How many were in the group when it was asked for.
  members integer not null,
  accepted integer not null default 0,
  suppressed integer not null default 0,
  unreachable integer not null default 0,
  without_consent integer not null default 0,
  refused integer not null default 0,
  -- Of a caller's name for it, and of what was asked under that name.
  key_hash bytea,
  body_hash bytea,
  created_at timestamptz not null,
  finished_at timestamptz
);
create unique index group_sends_once on group_sends (service_id, key_hash);
create index group_sends_by_group on group_sends (group_id, id desc);
create index group_sends_by_end on group_sends (finished_at);

-- Who was sent to, written together with the message: whatever is tried again, nobody gets it twice.
create table group_send_messages (
  send_id uuid not null references group_sends (id) on delete cascade,
  contact_id uuid not null,
  notification_id uuid not null,
  constraint group_send_messages_once primary key (send_id, contact_id)
);
