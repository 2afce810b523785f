-- One thing to one recipient. Partitioned by day on the id itself (UUID version 7 begins with the time it was made), so a look-up
-- by id touches one partition, newest-first is id order, and retention drops partitions. Partitions are made ahead by upkeep.
-- No foreign keys here: a notification outlives what it was made from, and intake checks against rows it has just read.
create table notifications (
  id uuid primary key,
  service_id uuid not null,
  api_key_id uuid,
  key_kind text not null,
  channel text not null,
  template_id uuid not null,
  template_version integer not null,
  reference text,
  status text not null,
  -- Recipient, personalisation and what else is personal, sealed under the service's key.
  sealed_content bytea,
  -- For exact search by recipient.
  recipient_index bytea not null,
  -- The sender as chosen: a text's sender, an email's reply-to address.
  sender text,
  lane smallint not null,
  is_international boolean not null,
  has_receipts boolean not null,
  country_prefix text,
  rate_multiplier smallint not null,
  fragments smallint not null,
  attempts smallint not null default 0,
  provider text,
  reported_code text,
  -- Between a provider's yes and our commit something failed: the message may have gone twice.
  may_be_repeated boolean not null default false,
  created_by_name text,
  created_at timestamptz not null,
  scheduled_for timestamptz,
  valid_until timestamptz,
  sent_at timestamptz,
  updated_at timestamptz
) partition by range (id);
-- Room for status moves beside the row they replace (heap-only updates); no index names a column that moves.
create index notifications_by_service on notifications (service_id, id desc);
create index notifications_by_reference on notifications (service_id, reference, id desc) where reference is not null;
create index notifications_by_recipient on notifications (service_id, recipient_index, id desc);

-- A carrier's own ids of messages it still has to report on. Narrow and short-lived: a final receipt takes its row away.
create table awaited_receipts (
  provider text not null,
  message_id text not null,
  notification_id uuid not null,
  -- How many parts the text went out in; it is delivered when all are.
  parts smallint not null,
  created_at timestamptz not null default now(),
  primary key (provider, message_id)
) with (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_threshold = 2000);
create index awaited_receipts_of_parts on awaited_receipts (notification_id) where parts > 1;

-- What happened to a notification beside its plain way: attempts that failed, receipts that came late. Partitioned by day like it.
create table notification_events (
  id uuid not null,
  notification_id uuid not null,
  kind text not null,
  provider text,
  code text,
  reason text,
  primary key (id)
) partition by range (id);
create index notification_events_of on notification_events (notification_id, id);

-- Every attempt at a callback. Partitioned by day.
create table callback_attempts (
  id uuid not null,
  -- Null when the notification named an address of its own.
  callback_id uuid,
  service_id uuid not null,
  -- The notification or received text it told about.
  subject_id uuid not null,
  kind text not null,
  attempt smallint not null,
  outcome text not null check (outcome in ('delivered', 'to-be-retried', 'given-up')),
  http_status smallint,
  -- In plain words, when there was no answer.
  problem text,
  duration_ms integer not null,
  primary key (id)
) partition by range (id);
create index callback_attempts_of on callback_attempts (subject_id, id);
create index callback_attempts_by_service on callback_attempts (service_id, id desc);

-- An accepted send under an Idempotency-Key, for 24 hours.
create table idempotency_keys (
  service_id uuid not null,
  key_kind text not null,
  key_hash bytea not null,
  body_hash bytea not null,
  notification_id uuid not null,
  created_at timestamptz not null default now(),
  constraint idempotency_keys_once primary key (service_id, key_kind, key_hash)
);
create index idempotency_keys_by_age on idempotency_keys (created_at);

create table complaints (
  id uuid primary key,
  notification_id uuid not null,
  service_id uuid not null,
  complained_at timestamptz not null,
  created_at timestamptz not null default now()
);
create unique index complaints_once on complaints (notification_id);

create table unsubscribe_requests (
  id uuid primary key,
  notification_id uuid not null,
  service_id uuid not null,
  template_id uuid not null,
  sealed_recipient bytea not null,
  created_at timestamptz not null default now(),
  processed_at timestamptz
);
create unique index unsubscribe_requests_waiting on unsubscribe_requests (notification_id) where processed_at is null;
create index unsubscribe_requests_by_service on unsubscribe_requests (service_id, id desc);
