-- Whom texts come from: what waits for approval, names that are protected, rules of countries, and senders that services share.
create table shared_senders (
  id uuid primary key,
  -- Never of two: a short code that strangers share is open to fraud.
  organisation_id uuid not null references organisations (id),
  sender text not null,
  registered_countries text[] not null default '{}',
  created_at timestamptz not null default now(),
  unique (organisation_id, sender)
);

alter table text_senders
  -- By prefix of the table of rates: its networks have it on their list.
  add column registered_countries text[] not null default '{}',
  -- The service may use it as one of its own; it is not the service's to change.
  add column shared_id uuid references shared_senders (id);
create index text_senders_by_sender on text_senders (lower(sender)) where archived_at is null;

create table text_sender_requests (
  id uuid primary key,
  service_id uuid not null references services (id),
  sender text not null,
  wants_default boolean not null,
  -- The sender whose place it is to take; unset for one more.
  replaces_id uuid references text_senders (id),
  requested_by uuid not null references users (id),
  created_at timestamptz not null,
  status text not null default 'open' check (status in ('open', 'approved', 'refused', 'withdrawn')),
  decided_by uuid references users (id),
  decided_at timestamptz,
  reason text
);
create unique index text_sender_requests_open on text_sender_requests (service_id, lower(sender)) where status = 'open';
create index text_sender_requests_by_service on text_sender_requests (service_id, created_at);

create table protected_sender_names (
  id uuid primary key,
  name text not null unique,
  covers_longer boolean not null default false,
  organisation_ids uuid[] not null default '{}',
  service_ids uuid[] not null default '{}',
  created_at timestamptz not null default now()
);

create table country_sender_rules (
  country_prefix text primary key,
  sender_types text[] not null check (sender_types <@ array['alphanumeric', 'long-number', 'short-code'] and sender_types <> '{}'),
  registered_only boolean not null default false,
  needs_signature boolean not null default false
);

create table text_sender_pools (
  id uuid primary key,
  service_id uuid not null references services (id),
  name text not null,
  sender_ids uuid[] not null,
  is_default boolean not null default false,
  is_sticky boolean not null default true,
  created_at timestamptz not null default now(),
  archived_at timestamptz
);
create unique index text_sender_pools_in_use on text_sender_pools (service_id, lower(name)) where archived_at is null;
create unique index text_sender_pools_default on text_sender_pools (service_id) where is_default and archived_at is null;
