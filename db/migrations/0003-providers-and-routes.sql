-- Whom we send through, and who gets what.

create table providers (
  id uuid primary key,
  name text not null unique,
  channel text not null check (channel in ('sms', 'email', 'letter')),
  kind text not null check (kind in ('smpp', 'smtp', 'http')),
  settings jsonb not null,
  -- Passwords and keys, sealed under a key made from the master key.
  sealed_secrets bytea not null,
  -- The sandbox carries test keys' messages; live traffic reaches it only by a route that says so.
  is_sandbox boolean not null default false,
  is_active boolean not null default true,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

create table routes (
  id uuid primary key,
  channel text not null check (channel in ('sms', 'email', 'letter')),
  provider_id uuid not null references providers,
  -- Which keys' messages may take it.
  key_kinds text[] not null,
  carries_international boolean not null default true,
  -- Share of the traffic, against the other routes that fit; moves with health between 0 and 100 and drifts back to its resting weight.
  weight smallint not null check (weight between 0 and 100),
  resting_weight smallint not null check (resting_weight between 0 and 100),
  weight_changed_at timestamptz not null default now(),
  created_at timestamptz not null default now(),
  unique (channel, provider_id)
);

-- Domains that emails come from, with their DKIM keys (RFC 6376).
create table sending_domains (
  domain text primary key,
  is_default boolean not null default false,
  dkim_selector text not null,
  sealed_dkim_private_key bytea not null,
  dkim_public_key text not null,
  bounce_domain text not null,
  created_at timestamptz not null default now()
);
create unique index sending_domains_default on sending_domains (is_default) where is_default;
