-- Whom a service does not send to any more, by channel. An entry is kept until somebody releases it.
create table suppressions (
  id uuid primary key,
  service_id uuid not null references services (id),
  channel text not null check (channel in ('sms', 'email')),
  recipient_index bytea not null,
  sealed_recipient bytea not null,
  reason text not null check (reason in ('asked-to-stop', 'unsubscribed', 'complaint', 'permanent-failure', 'by-hand', 'imported')),
  -- Who or what made it, and which: a user, an API key, a notification, a text from the public.
  source_kind text not null,
  source_id uuid,
  created_at timestamptz not null
);
-- The recipient first: look-ups name many of them, and few services.
create unique index suppressions_once on suppressions (recipient_index, service_id, channel);
create index suppressions_by_service on suppressions (service_id, id desc);
create index suppressions_by_channel on suppressions (service_id, channel, id desc);

-- How often in a row messages to somebody have failed for good: only of services that suppress after some.
create table failing_recipients (
  service_id uuid not null references services (id),
  channel text not null,
  recipient_index bytea not null,
  failures smallint not null,
  latest_at timestamptz not null,
  primary key (service_id, channel, recipient_index)
) with (fillfactor = 70);
create index failing_recipients_by_age on failing_recipients (latest_at);

alter table services
  -- Suppresses whom so many messages in a row did not reach for good. Unset: never.
  add column suppress_after_failures smallint check (suppress_after_failures between 1 and 20),
  -- Suppresses who marks an email as spam, or unsubscribes by its link.
  add column suppresses_objectors boolean not null default false;
