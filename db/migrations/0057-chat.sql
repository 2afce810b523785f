-- Chat messages: one channel for all apps. Which app a message goes by is its sender, as it is for whom it reaches.
alter table templates
  drop constraint templates_channel_check,
  add constraint templates_channel_check check (channel in ('sms', 'email', 'letter', 'chat')),
  -- The template that WhatsApp has approved for it: its name there, its language, and the names of its values in their order.
  add column whatsapp jsonb;

alter table providers
  drop constraint providers_channel_check,
  add constraint providers_channel_check check (channel in ('sms', 'email', 'letter', 'chat')),
  drop constraint providers_kind_check,
  add constraint providers_kind_check check (kind in ('smpp', 'smtp', 'http', 'print-sftp', 'print-http',
    'whatsapp', 'telegram', 'viber', 'web-push', 'chat-gateway'));

alter table routes
  drop constraint routes_channel_check,
  add constraint routes_channel_check check (channel in ('sms', 'email', 'letter', 'chat'));

alter table suppressions
  drop constraint suppressions_channel_check,
  add constraint suppressions_channel_check check (channel in ('sms', 'email', 'chat'));

alter table services
  add column daily_limit_chat integer not null default 250000 check (daily_limit_chat >= 0),
  add column retention_days_chat smallint not null default 7 check (retention_days_chat between 1 and 90);

alter table inbound_messages
  -- In which it was written; unset for texts.
  add column app text;

-- Who talks with a service through a chat provider, by blind index. What somebody writes is for the service that wrote to them last, and an
-- app may let it answer freely only for a time after they wrote. Rows go some months after the last word.
create table chat_contacts (
  provider text not null,
  recipient_index bytea not null,
  service_id uuid not null references services (id),
  written_to_at timestamptz,
  wrote_at timestamptz,
  changed_at timestamptz not null,
  primary key (recipient_index, provider)
) with (fillfactor = 80);
create index chat_contacts_by_age on chat_contacts (changed_at);
