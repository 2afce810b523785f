-- What somebody wants to be told of when it is out of the ordinary: of one service, or of the whole installation.
create table alert_rules (
  id uuid primary key,
  -- None: of all services.
  service_id uuid references services,
  name text not null,
  kind text not null check (kind in ('failure-share', 'slowness', 'receipt-silence', 'pumping', 'balance')),
  threshold numeric(12, 3) not null check (threshold >= 0),
  window_minutes integer not null check (window_minutes between 5 and 1440),
  least_count integer not null check (least_count >= 1),
  -- Addresses, numbers and URLs to tell.
  sealed_destinations bytea not null,
  created_at timestamptz not null default now()
);
create unique index alert_rules_name on alert_rules (coalesce(service_id, '00000000-0000-0000-0000-000000000000'), name);

-- Each time that a rule had something to tell.
create table alerts (
  id uuid primary key,
  rule_id uuid not null references alert_rules on delete cascade,
  -- What it is about: a provider, a template and a country, an organisation.
  subject text not null,
  -- When it opened.
  value numeric(14, 3) not null,
  opened_at timestamptz not null,
  closed_at timestamptz,
  reminders integer not null default 0
);
create unique index alerts_open on alerts (rule_id, subject) where closed_at is null;
create index alerts_of_rule on alerts (rule_id, opened_at desc);
