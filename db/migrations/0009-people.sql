-- How people come to have an account, sign in, and work together in services and organisations.

alter table audit_log add column ip_address text;

-- Its organisation and service send the codes and links of Pennypost itself; no list shows them.
alter table organisations add column is_internal boolean not null default false;
alter table organisations drop constraint organisations_name_key;
create unique index organisations_name on organisations (name) where not is_internal;
create unique index organisations_internal on organisations (is_internal) where is_internal;
-- Its members may make its own services live.
alter table organisations add column approves_own_services boolean not null default false;
-- People whose address is of its domains may ask to join its services.
alter table organisations add column takes_join_requests boolean not null default true;

create table organisation_domains (
  domain text primary key,
  organisation_id uuid not null references organisations
);
create index organisation_domains_by_organisation on organisation_domains (organisation_id);

create table organisation_members (
  organisation_id uuid not null references organisations,
  user_id uuid not null references users,
  may_make_live boolean not null default false,
  created_at timestamptz not null default now(),
  primary key (organisation_id, user_id)
);
create index organisation_members_by_user on organisation_members (user_id);

alter table services add column is_internal boolean not null default false;
create unique index services_internal on services (is_internal) where is_internal;
alter table services add column created_by uuid references users;
alter table services add column suspended_at timestamptz;
-- What a manager has said for the service to go live.
alter table services add column is_confirmed_unique boolean not null default false;
alter table services add column yearly_volume_sms integer;
alter table services add column yearly_volume_email integer;
create index services_by_normalised_name on services (regexp_replace(lower(name), '[^[:alnum:]]', '', 'g'));
create index services_by_organisation on services (organisation_id);

alter table users add column failed_sign_ins smallint not null default 0;
alter table users add column password_changed_at timestamptz;
alter table users add column last_signed_in_at timestamptz;

-- An account that waits for its address to be proven. Nobody is a user before that, so an address cannot be squatted.
create table registrations (
  id uuid primary key,
  name text not null,
  email_address text not null,
  mobile_number text,
  password_hash text not null,
  token_hash bytea not null unique,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  used_at timestamptz
);
create index registrations_by_age on registrations (created_at);

-- What besides the password a user signs in with, each shown to work before it is kept. None: the password alone.
create table second_factors (
  user_id uuid not null references users,
  kind text not null check (kind in ('text', 'email-link', 'app')),
  -- Of an authenticator app (RFC 6238), with the last time step that was used.
  sealed_secret bytea,
  last_time_step bigint,
  created_at timestamptz not null,
  primary key (user_id, kind)
);

create table passkeys (
  id uuid primary key,
  user_id uuid not null references users,
  name text not null,
  credential_id text not null unique,
  public_key bytea not null,
  sign_count bigint not null,
  transports text[] not null,
  created_at timestamptz not null,
  last_used_at timestamptz
);
create index passkeys_by_user on passkeys (user_id);

create table passkey_challenges (
  user_id uuid not null references users,
  purpose text not null check (purpose in ('register', 'sign-in')),
  challenge text not null,
  expires_at timestamptz not null,
  primary key (user_id, purpose)
);

create table recovery_codes (
  user_id uuid not null references users,
  code_hash bytea not null,
  created_at timestamptz not null,
  used_at timestamptz,
  primary key (user_id, code_hash)
);

-- Digits sent by text.
create table one_time_codes (
  id uuid primary key,
  user_id uuid not null references users,
  purpose text not null check (purpose in ('sign-in', 'mobile-number')),
  code_hash bytea not null,
  -- The new number that the code was sent to.
  mobile_number text,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  used_at timestamptz
);
create index one_time_codes_by_user on one_time_codes (user_id, created_at);

-- Links sent by email.
create table account_links (
  token_hash bytea primary key,
  user_id uuid not null references users,
  purpose text not null check (purpose in ('sign-in', 'password', 'email-address')),
  -- The new address that the link was sent to.
  email_address text,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  used_at timestamptz
);
create index account_links_by_user on account_links (user_id, created_at);

-- How often something was tried in the window under way; whoever tried is a keyed hash.
create table throttles (
  key bytea primary key,
  tries integer not null,
  ends_at timestamptz not null
);
create index throttles_by_end on throttles (ends_at);

create table single_sign_on_identities (
  issuer text not null,
  subject text not null,
  user_id uuid not null references users,
  created_at timestamptz not null,
  primary key (issuer, subject)
);
create index single_sign_on_identities_by_user on single_sign_on_identities (user_id);

create table invitations (
  id uuid primary key,
  service_id uuid references services,
  organisation_id uuid references organisations,
  email_address text not null,
  -- In a service.
  permissions text[] not null default '{}',
  hidden_folder_ids uuid[] not null default '{}',
  -- In an organisation.
  may_make_live boolean not null default false,
  status text not null check (status in ('pending', 'accepted', 'cancelled')),
  token_hash bytea not null unique,
  invited_by uuid not null references users,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  settled_at timestamptz,
  check (num_nonnulls(service_id, organisation_id) = 1)
);
create unique index invitations_pending on invitations
  (coalesce(service_id, organisation_id), lower(email_address)) where status = 'pending';

create table join_requests (
  id uuid primary key,
  service_id uuid not null references services,
  user_id uuid not null references users,
  reason text,
  status text not null check (status in ('pending', 'approved', 'refused')),
  created_at timestamptz not null,
  decided_by uuid references users,
  decided_at timestamptz
);
create unique index join_requests_pending on join_requests (service_id, user_id) where status = 'pending';

create table join_request_managers (
  join_request_id uuid not null references join_requests,
  user_id uuid not null references users,
  primary key (join_request_id, user_id)
);

create table go_live_requests (
  id uuid primary key,
  service_id uuid not null references services,
  requested_by uuid not null references users,
  status text not null check (status in ('open', 'approved', 'refused')),
  created_at timestamptz not null,
  decided_by uuid references users,
  decided_at timestamptz
);
create unique index go_live_requests_open on go_live_requests (service_id) where status = 'open';

create table go_live_comments (
  id uuid primary key,
  request_id uuid not null references go_live_requests,
  user_id uuid not null references users,
  body text not null,
  created_at timestamptz not null
);
create index go_live_comments_by_request on go_live_comments (request_id, id);
