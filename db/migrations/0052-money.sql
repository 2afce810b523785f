-- What texts are charged at where the house rates do not hold: by the digits a number begins with, from a day on, from a monthly volume on.
-- The longest beginning that fits decides: a calling code is a country, more digits are a network's numbers there.
create table prices (
  prefix text not null check (prefix ~ '^[1-9][0-9]{0,8}$'),
  valid_from date not null,
  -- Fragments that an organisation has used in the month before this one.
  from_fragments integer not null check (from_fragments >= 0),
  -- Of one fragment, in the currency of the deployment.
  price numeric(12, 6) not null check (price >= 0),
  -- What people call the place: a network's name.
  label text not null default '',
  primary key (prefix, valid_from, from_fragments)
);

-- What one fragment was priced at when the text was accepted; none: the house rate of its day.
alter table notifications add column unit_price numeric(12, 6);

-- Counted by price, too: as text, and empty for the house rates. A housekeeper of the release before cannot fold hours any more.
alter table hourly_statistics add column unit_price text not null default '';
alter table hourly_statistics drop constraint hourly_statistics_pkey;
alter table hourly_statistics add primary key
  (service_id, hour, channel, key_kind, template_id, status, code, rate_multiplier, country_prefix, postage, sheets_each, unit_price);
alter table daily_statistics add column unit_price text not null default '';
alter table daily_statistics drop constraint daily_statistics_pkey;
alter table daily_statistics add primary key
  (service_id, day, channel, key_kind, template_id, status, code, rate_multiplier, country_prefix, postage, sheets_each, unit_price);

-- What an organisation's texts are paid from. `available` is what the entries come to, less what is held and not entered yet.
create table organisation_balances (
  organisation_id uuid primary key references organisations,
  -- Off: nothing is held, and nothing is refused.
  is_on boolean not null default false,
  available numeric(16, 6) not null default 0,
  -- For texts that are under way.
  held numeric(16, 6) not null default 0,
  -- How far below nothing it may go.
  credit_limit numeric(16, 6) not null default 0 check (credit_limit >= 0),
  -- Those who belong to the organisation are told once when less than this is available.
  low_at numeric(16, 6),
  is_told_low boolean not null default false,
  constraint within_balance check (available + credit_limit >= 0 or not is_on)
) with (fillfactor = 50);

-- What changed a balance, and why. Entries are only added.
create table balance_entries (
  id uuid primary key,
  organisation_id uuid not null references organisations,
  at timestamptz not null,
  kind text not null check (kind in ('top-up', 'adjustment', 'hold', 'settlement', 'release')),
  -- What it does to what is available, and to what is held.
  amount numeric(16, 6) not null,
  held_change numeric(16, 6) not null default 0,
  -- Texts that it is about.
  texts integer not null default 0,
  -- A user's id; none for what the housekeeping does.
  actor text,
  note text not null default ''
);
create index balance_entries_of_organisation on balance_entries (organisation_id, id desc);

-- Texts that are accepted and not settled: written with them, removed when they have ended.
create table balance_holds (
  notification_id uuid primary key,
  organisation_id uuid not null references organisations,
  amount numeric(16, 6) not null,
  held_at timestamptz not null,
  look_at timestamptz not null,
  is_entered boolean not null default false
) with (autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_threshold = 2000);
create index balance_holds_to_look_at on balance_holds (look_at);

-- Budgets that stop: a service's own wish.
alter table services
  add column budget_stops boolean not null default false,
  add column daily_spend_limit integer check (daily_spend_limit > 0);

-- What a service with such limits has spent on the texts it sent in a period: a month, "2026-11", or a day, "2026-11-30", at home.
create table spend_totals (
  service_id uuid not null references services,
  period text not null,
  spent numeric(16, 6) not null,
  ceiling numeric(16, 6) not null,
  primary key (service_id, period),
  constraint within_spend_limit check (spent <= ceiling)
) with (fillfactor = 50);
