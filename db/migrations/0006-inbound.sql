-- Texts from the public.

create table inbound_numbers (
  -- As its service knows it: 07… for a home number.
  number text primary key,
  service_id uuid not null references services,
  is_active boolean not null default true,
  created_at timestamptz not null default now()
);
create index inbound_numbers_by_service on inbound_numbers (service_id);

create table inbound_messages (
  id uuid primary key,
  service_id uuid not null references services,
  notify_number text not null,
  -- Who wrote and what, sealed under the service's key.
  sealed_content bytea not null,
  sender_index bytea not null,
  provider text not null,
  provider_reference text,
  sent_at timestamptz not null,
  created_at timestamptz not null
);
create index inbound_messages_by_service on inbound_messages (service_id, id desc);
-- A carrier that did not hear our answer sends the same text again.
create unique index inbound_messages_once on inbound_messages (provider, provider_reference) where provider_reference is not null;

-- Parts of a long text, until all have come, and a while longer: a carrier may send one again.
create table inbound_parts (
  service_id uuid not null references services,
  provider text not null,
  sender_index bytea not null,
  notify_number text not null,
  reference integer not null,
  total smallint not null,
  number smallint not null,
  -- Who wrote and what, sealed under the service's key.
  sealed_content bytea not null,
  sent_at timestamptz not null,
  created_at timestamptz not null,
  -- The text they have been put together to.
  message_id uuid,
  primary key (provider, sender_index, notify_number, reference, total, number)
);
create index inbound_parts_by_age on inbound_parts (created_at);
