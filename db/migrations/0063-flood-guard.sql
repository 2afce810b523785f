-- Guards against floods, of a service, or without one of the installation for each of its services: when within a window of time more texts
-- go to numbers that begin alike, or by one template, or more is spent, than there may be, further ones are refused or held for a while.
create table flood_rules (
  id uuid primary key,
  service_id uuid references services (id),
  counts_by text not null check (counts_by in ('prefix', 'template', 'spend')),
  -- Texts, or pounds.
  at_least integer not null check (at_least between 1 and 1000000),
  -- And, unless it is 0, this many times what is usual.
  times_usual smallint not null check (times_usual between 0 and 100),
  window_minutes smallint not null check (window_minutes between 5 and 1440),
  -- Of the national number, after the country's calling code.
  prefix_digits smallint not null check (prefix_digits between 0 and 6),
  action text not null check (action in ('refuse', 'hold')),
  -- 0: until somebody lifts it.
  stops_minutes integer not null check (stops_minutes between 0 and 10080)
);
create unique index flood_rules_kind on flood_rules (coalesce(service_id, '00000000-0000-0000-0000-000000000000'::uuid), counts_by);

-- What a rule has counted, in one row for each prefix, template or service, which whoever counts locks. A row holds its own limit: what is
-- stored already fits.
create table flood_tallies (
  -- Of a rule that may just have gone: other processes know of it for a moment longer, and must not fail for it.
  rule_id uuid not null,
  service_id uuid not null,
  -- A country's code with digits behind it, a template's id, or nothing.
  subject text not null,
  -- Sixtieths of the window since 1970, with texts or pounds.
  slots integer[] not null,
  amounts numeric[] not null,
  total numeric not null,
  -- Days since 1970, with the most that a window on it held.
  days integer[] not null,
  peaks numeric[] not null,
  ceiling numeric not null,
  times_usual smallint not null,
  primary key (rule_id, service_id, subject),
  constraint within_flood_limit check (total <= ceiling)
) with (fillfactor = 50);

-- What is stopped now.
create table flood_stops (
  id uuid primary key,
  rule_id uuid not null references flood_rules (id) on delete cascade,
  service_id uuid not null references services (id),
  subject text not null,
  started_at timestamptz not null,
  -- Unset: until somebody lifts it.
  ends_at timestamptz
);
create unique index flood_stops_subject on flood_stops (rule_id, service_id, subject);
create index flood_stops_by_service on flood_stops (service_id);
