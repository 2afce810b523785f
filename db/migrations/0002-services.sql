-- A service: the customer's unit that owns templates, keys and limits.

create table services (
  id uuid primary key,
  organisation_id uuid references organisations,
  name text not null,
  -- What the service may do: sms, email, letter, international_sms, sms_to_uk_landlines, inbound_sms.
  permissions text[] not null default '{sms,email,letter}',
  is_trial boolean not null default true,
  -- gsm: GSM 03.38 only, as GOV.UK Notify does; unicode: the full text.
  text_mode text not null default 'unicode' check (text_mode in ('gsm', 'unicode')),
  prefixes_texts boolean not null default true,
  -- The local part that emails come from; made from the name when null.
  email_sender_local_part text,
  email_sending_domain text,
  rate_limit_per_minute integer not null default 3000 check (rate_limit_per_minute >= 0),
  daily_limit_sms integer not null default 250000 check (daily_limit_sms >= 0),
  daily_limit_email integer not null default 250000 check (daily_limit_email >= 0),
  daily_limit_letter integer not null default 20000 check (daily_limit_letter >= 0),
  daily_limit_international_sms integer not null default 100 check (daily_limit_international_sms >= 0),
  retention_days_sms smallint not null default 7 check (retention_days_sms between 1 and 90),
  retention_days_email smallint not null default 7 check (retention_days_email between 1 and 90),
  retention_days_letter smallint not null default 7 check (retention_days_letter between 1 and 90),
  -- The key that seals this service's personal data, itself wrapped by the master key.
  wrapped_key bytea not null,
  created_at timestamptz not null default now(),
  archived_at timestamptz
);

create table service_members (
  service_id uuid not null references services,
  user_id uuid not null references users,
  permissions text[] not null,
  created_at timestamptz not null default now(),
  primary key (service_id, user_id)
);
create index service_members_by_user on service_members (user_id);

create table api_keys (
  id uuid primary key,
  service_id uuid not null references services,
  name text not null,
  kind text not null check (kind in ('live', 'team', 'test')),
  -- Sealed under the service's key: the database alone cannot mint a token.
  sealed_secret bytea not null,
  created_at timestamptz not null default now(),
  revoked_at timestamptz
);
create unique index api_keys_name_in_use on api_keys (service_id, name) where revoked_at is null;

-- Whom a team key, or a service in trial mode, may send to beside its team.
create table guest_list (
  service_id uuid not null references services,
  -- Blind index of the normalised recipient.
  recipient_index bytea not null,
  channel text not null check (channel in ('sms', 'email')),
  sealed_recipient bytea not null,
  created_at timestamptz not null default now(),
  primary key (service_id, recipient_index)
);

create table text_senders (
  id uuid primary key,
  service_id uuid not null references services,
  sender text not null,
  is_default boolean not null default false,
  created_at timestamptz not null default now(),
  archived_at timestamptz
);
create unique index text_senders_in_use on text_senders (service_id, sender) where archived_at is null;
create unique index text_senders_default on text_senders (service_id) where is_default and archived_at is null;

create table reply_to_addresses (
  id uuid primary key,
  service_id uuid not null references services,
  address text not null,
  is_default boolean not null default false,
  created_at timestamptz not null default now(),
  archived_at timestamptz
);
create unique index reply_to_addresses_in_use on reply_to_addresses (service_id, lower(address)) where archived_at is null;
create unique index reply_to_addresses_default on reply_to_addresses (service_id) where is_default and archived_at is null;

-- Where a service wants to be told. A change makes a new row and replaces the old, so a delivery under way keeps the address it began with.
create table callbacks (
  id uuid primary key,
  service_id uuid not null references services,
  kind text not null check (kind in ('delivery-receipt', 'received-text', 'complaint', 'returned-letter')),
  url text not null,
  sealed_bearer_token bytea not null,
  sealed_signing_secret bytea not null,
  created_at timestamptz not null default now(),
  replaced_at timestamptz
);
create unique index callbacks_in_use on callbacks (service_id, kind) where replaced_at is null;

create table templates (
  id uuid primary key,
  service_id uuid not null references services,
  channel text not null check (channel in ('sms', 'email', 'letter')),
  -- The version in use; its text is in template_versions.
  version integer not null default 1,
  is_hidden boolean not null default false,
  created_at timestamptz not null default now(),
  updated_at timestamptz,
  archived_at timestamptz
);
create index templates_by_service on templates (service_id);

create table template_versions (
  template_id uuid not null references templates,
  version integer not null,
  name text not null,
  subject text,
  body text not null,
  postage text,
  has_unsubscribe_link boolean not null default false,
  created_by text not null,
  created_at timestamptz not null default now(),
  primary key (template_id, version)
);

-- How many went out today, for the daily limits. The check is the limit: the flight that would pass it does not commit.
create table daily_totals (
  service_id uuid not null references services,
  -- sms, email, letter or international_sms
  kind text not null,
  day date not null,
  total integer not null,
  ceiling integer not null,
  primary key (service_id, kind, day),
  constraint within_daily_limit check (total <= ceiling)
);

-- Tokens left to each service and key kind. Lost in a crash of the server without harm: a bucket that is not there is full.
create unlogged table rate_buckets (
  service_id uuid not null,
  key_kind text not null,
  tokens double precision not null,
  -- Handed to processes and not yet known to be spent.
  leased integer not null default 0,
  -- What the last lease was given.
  granted integer not null default 0,
  lease_ends_at timestamptz,
  refilled_at timestamptz not null,
  primary key (service_id, key_kind)
);
