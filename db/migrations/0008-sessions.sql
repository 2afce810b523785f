-- Who is signed in to the admin web, from where, and how far.

create table sessions (
  -- SHA-256 of the token in the browser's cookie: what is in the database signs nobody in.
  id bytea primary key,
  user_id uuid not null references users,
  -- password-given: a second factor is still owed.
  stage text not null check (stage in ('password-given', 'signed-in')),
  ip_address text not null,
  user_agent text not null,
  created_at timestamptz not null,
  last_seen_at timestamptz not null,
  expires_at timestamptz not null,
  -- A platform administrator may look at a service as its members do.
  hides_platform_view boolean not null default false,
  revoked_at timestamptz
);
create index sessions_by_user on sessions (user_id, created_at desc);
create index sessions_by_expiry on sessions (expires_at);
