-- What a country's networks want before they take a sender: papers, waiting time, cost. And services' applications for it.
alter table country_sender_rules add column requirements text not null default '';

create table sender_applications (
  id uuid primary key,
  service_id uuid not null references services (id),
  sender_id uuid not null references text_senders (id),
  -- As it was when it was applied for: another name ends the application.
  sender text not null,
  country_prefix text not null,
  state text not null check (state in ('asked', 'sent', 'more-wanted', 'registered', 'refused', 'withdrawn', 'closed')),
  sealed_answers bytea not null,
  created_at timestamptz not null,
  changed_at timestamptz not null
);
create unique index sender_applications_open on sender_applications (sender_id, country_prefix)
  where state in ('asked', 'sent', 'more-wanted');
create index sender_applications_by_service on sender_applications (service_id, changed_at);

create table sender_application_moves (
  id uuid primary key,
  application_id uuid not null references sender_applications (id),
  at timestamptz not null,
  state text not null,
  -- Unset where it was closed because its sender went.
  user_id uuid references users (id),
  sealed_words bytea
);
create index sender_application_moves_by_application on sender_application_moves (application_id, at);
