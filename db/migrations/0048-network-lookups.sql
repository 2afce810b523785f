-- Whom to ask about numbers: suppliers that ask networks (HLR). Of those that are switched on the first by name is asked.
create table lookup_suppliers (
  id uuid primary key,
  name text not null unique,
  settings jsonb not null,
  sealed_secrets bytea not null,
  is_active boolean not null default true,
  created_at timestamptz not null default now()
);

-- What a network has said of a number, for some time. The network alone is in the clear: without the number it is nobody's.
create table network_lookups (
  number_index bytea primary key,
  sealed_result bytea not null,
  network text,
  looked_up_at timestamptz not null
);
create index network_lookups_by_age on network_lookups (looked_up_at);

-- How many numbers were asked about by a service on a UTC day.
create table daily_lookups (
  service_id uuid not null references services (id),
  day date not null,
  asked integer not null,
  primary key (service_id, day)
);
