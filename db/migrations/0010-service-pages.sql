-- What people do with a service in the browser: folders, drafts, searches, keys with limits, a request log, statistics.

create table template_folders (
  id uuid primary key,
  service_id uuid not null references services,
  parent_id uuid references template_folders,
  name text not null,
  created_at timestamptz not null default now()
);
create unique index template_folders_name on template_folders
  (service_id, coalesce(parent_id, '00000000-0000-0000-0000-000000000000'), lower(name));

-- Exceptions: everybody in a service sees a folder unless a row here says otherwise, so newcomers need no rows.
create table template_folder_exclusions (
  folder_id uuid not null references template_folders on delete cascade,
  user_id uuid not null,
  primary key (folder_id, user_id)
);

alter table templates add column folder_id uuid references template_folders;
-- From this moment on personalisation is hidden; there is no way back.
alter table templates add column hides_personalisation_since timestamptz;
create index templates_by_folder on templates (folder_id) where folder_id is not null;

create table template_drafts (
  user_id uuid not null,
  template_id uuid not null references templates,
  base_version integer not null,
  name text not null,
  subject text,
  body text not null,
  has_unsubscribe_link boolean not null default false,
  saved_at timestamptz not null,
  primary key (user_id, template_id)
);

-- A message on its way to be written by one person: whom to and with which values is sealed.
create table one_off_drafts (
  id uuid primary key,
  user_id uuid not null,
  service_id uuid not null references services,
  template_id uuid not null references templates,
  sealed_draft bytea not null,
  notification_id uuid,
  saved_at timestamptz not null
);
create index one_off_drafts_by_age on one_off_drafts (saved_at);

create table saved_searches (
  id uuid primary key,
  user_id uuid not null,
  service_id uuid not null references services,
  sealed_search bytea not null,
  created_at timestamptz not null
);
create index saved_searches_by_age on saved_searches (created_at);

alter table api_keys add column expires_at timestamptz;
-- Networks in CIDR notation that it may be used from; none named: from anywhere.
alter table api_keys add column allowed_networks text[] not null default '{}';
alter table api_keys add column last_used_at timestamptz;
alter table api_keys add column last_used_from text;
alter table api_keys add column created_by text;
create index api_keys_by_service on api_keys (service_id);

create table api_requests (
  id uuid primary key,
  service_id uuid not null,
  api_key_id uuid not null,
  method text not null,
  path text not null,
  status smallint not null,
  duration_ms integer not null,
  error text
);
create index api_requests_by_service on api_requests (service_id, id desc);

create table reply_to_verifications (
  id uuid primary key,
  service_id uuid not null references services,
  address text not null,
  is_default boolean not null,
  replaces_id uuid references reply_to_addresses,
  token_hash bytea not null,
  requested_by uuid not null,
  created_at timestamptz not null,
  verified_at timestamptz
);
create index reply_to_verifications_by_service on reply_to_verifications (service_id, created_at);

-- A number without a service waits in the pool.
alter table inbound_numbers alter column service_id drop not null;

create index inbound_messages_by_sender on inbound_messages (service_id, sender_index, id desc);

-- What became of the messages of an hour; counted again as long as something in it may still change, then folded into its day.
create table hourly_statistics (
  service_id uuid not null,
  hour timestamptz not null,
  channel text not null,
  key_kind text not null,
  template_id uuid not null,
  status text not null,
  code text not null,
  rate_multiplier smallint not null,
  messages integer not null,
  fragments integer not null,
  primary key (service_id, hour, channel, key_kind, template_id, status, code, rate_multiplier)
);
create index hourly_statistics_by_hour on hourly_statistics (hour);

create table daily_statistics (
  service_id uuid not null,
  day date not null,
  channel text not null,
  key_kind text not null,
  template_id uuid not null,
  status text not null,
  code text not null,
  rate_multiplier smallint not null,
  messages integer not null,
  fragments integer not null,
  primary key (service_id, day, channel, key_kind, template_id, status, code, rate_multiplier)
);

create table counted_hours (
  hour timestamptz primary key,
  counted_at timestamptz not null,
  has_unfinished boolean not null,
  is_folded boolean not null default false
);
