-- Codes by which people prove that a number or an address is theirs. They go out as notifications, and are kept as keyed hashes alone.
create table verifications (
  id uuid primary key,
  service_id uuid not null references services (id),
  key_kind text not null check (key_kind in ('live', 'team', 'test')),
  api_key_id uuid not null,
  reference text,
  -- What it takes to send another code; gone once no other is to be sent.
  sealed_wish bytea,
  created_at timestamptz not null,
  last_sent_at timestamptz not null,
  -- When the last of its codes is no longer good.
  expires_at timestamptz not null,
  -- Those that were asked for; the fallback was not.
  sends smallint not null default 1,
  texts smallint not null,
  emails smallint not null,
  fell_back_at timestamptz,
  attempts smallint not null default 0,
  attempts_max smallint not null,
  verified_at timestamptz,
  verified_by text check (verified_by in ('sms', 'email'))
);
create index verifications_by_service on verifications (service_id, id);
create index verifications_open on verifications (expires_at) where sealed_wish is not null;

create table verification_codes (
  verification_id uuid not null references verifications (id) on delete cascade,
  -- 1 and 2 were asked for, 3 is the fallback's: none can be made twice.
  number smallint not null check (number between 1 and 3),
  channel text not null check (channel in ('sms', 'email')),
  code_hash bytea not null,
  notification_id uuid not null,
  sent_at timestamptz not null,
  expires_at timestamptz not null,
  primary key (verification_id, number)
);
create index verification_codes_of on verification_codes (notification_id);

-- What has become of verifications that are no longer kept one by one.
create table daily_verifications (
  service_id uuid not null references services (id),
  day date not null,
  key_kind text not null,
  asked integer not null,
  texts integer not null,
  emails integer not null,
  verified integer not null,
  primary key (service_id, day, key_kind)
);
