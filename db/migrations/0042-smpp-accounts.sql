-- With what a customer's system binds to us over SMPP.
create table smpp_accounts (
  id uuid primary key,
  service_id uuid not null references services,
  system_id text not null check (length(system_id) between 1 and 15),
  -- Argon2id. SMPP 3.4 allows eight characters, so it takes a slow hash to keep them.
  password_hash text not null,
  kind text not null check (kind in ('live', 'team', 'test')),
  allowed_networks text[] not null default '{}',
  binds_max smallint not null,
  -- Requests that may be unanswered on a bind, in either direction.
  window_max smallint not null,
  rate_per_second integer not null,
  -- Texts to the service's numbers are brought to it.
  takes_replies boolean not null,
  -- What data_coding 0 is to this system.
  default_alphabet text not null check (default_alphabet in ('gsm7', 'latin1')),
  created_at timestamptz not null default now(),
  created_by text,
  revoked_at timestamptz,
  last_bound_at timestamptz,
  last_bound_from text
);
create unique index smpp_accounts_in_use on smpp_accounts (system_id) where revoked_at is null;
create index smpp_accounts_by_service on smpp_accounts (service_id);

-- Submits whose system has asked to hear what becomes of them. Of a text that came in parts each has its own message id.
create table smpp_awaited_receipts (
  message_id uuid primary key,
  notification_id uuid not null,
  account_id uuid not null references smpp_accounts,
  registered_delivery smallint not null,
  -- Its network never reports, so that having been sent is its end.
  ends_when_sent boolean not null,
  sealed_submit bytea not null
);
create index smpp_awaited_receipts_by_notification on smpp_awaited_receipts (notification_id);
create index smpp_awaited_receipts_silent on smpp_awaited_receipts (message_id) where ends_when_sent;

-- Parts of long texts, acknowledged, until the last has come.
create table smpp_parts (
  message_id uuid primary key,
  account_id uuid not null references smpp_accounts,
  service_id uuid not null references services,
  -- Keyed hash of both addresses and the reference.
  set_index bytea not null,
  number smallint not null,
  registered_delivery smallint not null,
  sealed_submit bytea not null,
  sealed_content bytea not null
);
create unique index smpp_parts_of_set on smpp_parts (account_id, set_index, number);

-- What is still to be brought to a system with deliver_sm: in the order of its ids.
create table smpp_deliveries (
  id uuid primary key,
  account_id uuid not null references smpp_accounts,
  kind text not null check (kind in ('receipt', 'text')),
  -- A submit's message id, or a text from the public.
  subject_id uuid not null,
  -- Of a receipt: what it says, and the submit it is about.
  report jsonb,
  sealed_submit bytea,
  tries smallint not null default 0,
  -- Somebody is bringing it, or it is put off.
  not_before timestamptz
) with (fillfactor = 70);
create index smpp_deliveries_by_account on smpp_deliveries (account_id, id);
