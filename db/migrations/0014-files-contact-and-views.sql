-- Where recipients of a service's files turn: a link, an email address or a telephone number.
alter table services add column files_contact text;
-- A template of which more than this share of what was decided fails is shown as failing.
alter table services add column failing_percent smallint not null default 3 check (failing_percent between 1 and 100);

-- Searches of messages that people keep under a name, for themselves or for the whole team. What is searched for may be a recipient.
create table message_views (
  id uuid primary key,
  service_id uuid not null references services,
  user_id uuid not null references users,
  is_shared boolean not null,
  sealed_view bytea not null,
  created_at timestamptz not null
);
create index message_views_by_service on message_views (service_id, id);
