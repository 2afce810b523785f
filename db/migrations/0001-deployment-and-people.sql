-- The deployment itself, the people who work in it, and who did what.

-- One row: what is true of the whole installation.
create table deployment (
  is_only_row boolean primary key default true check (is_only_row),
  id uuid not null,
  -- Says which master key sealed this database, without saying the key; another key refuses to start.
  master_key_fingerprint text not null,
  settings jsonb not null default '{}',
  created_at timestamptz not null default now()
);

create table organisations (
  id uuid primary key,
  name text not null unique,
  created_at timestamptz not null default now()
);

create table users (
  id uuid primary key,
  name text not null,
  email_address text not null,
  mobile_number text,
  password_hash text,
  is_platform_admin boolean not null default false,
  created_at timestamptz not null default now(),
  archived_at timestamptz
);
create unique index users_by_email_address on users (lower(email_address)) where archived_at is null;

create table audit_log (
  id uuid primary key,
  at timestamptz not null default now(),
  -- A user's id, or the command that was run.
  actor text not null,
  service_id uuid,
  action text not null,
  subject text not null,
  before jsonb,
  after jsonb
);
create index audit_log_by_service on audit_log (service_id, id desc);
