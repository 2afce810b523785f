-- One person reached by several steps, each a message of its own, with one result.
create table reaches (
  id uuid primary key,
  service_id uuid not null references services (id),
  key_kind text not null check (key_kind in ('live', 'team', 'test')),
  api_key_id uuid not null,
  reference text,
  status text not null default 'working' check (status in ('working', 'reached', 'not-reached', 'cancelled')),
  -- Recipients and values of its steps; gone once it has ended.
  sealed_wish bytea,
  -- Where its result is told in the place of the service's endpoints.
  sealed_callback_url bytea,
  created_at timestamptz not null,
  deadline timestamptz not null,
  most_cost numeric(12, 6) check (most_cost >= 0),
  -- The last step that was begun. It only grows, and only while this is working: anything else is written as null, and refused.
  step smallint not null default 0,
  reached_step smallint,
  reached_by text check (reached_by in ('delivered', 'sent', 'answered', 'confirmed')),
  because text check (because in ('deadline', 'no-steps-left')),
  ended_at timestamptz
);
create index reaches_by_service on reaches (service_id, id desc);
create index reaches_by_reference on reaches (service_id, reference, id desc) where reference is not null;

create table reach_steps (
  reach_id uuid not null references reaches (id) on delete cascade,
  number smallint not null check (number between 1 and 5),
  channel text not null,
  template_id uuid not null,
  until text not null check (until in ('delivered', 'sent', 'answered', 'confirmed')),
  wait_seconds integer check (wait_seconds > 0),
  begun_at timestamptz,
  -- None where it was passed over, and of a simulated recipient.
  notification_id uuid,
  -- What its message costs at most, as it was known when it was accepted.
  cost numeric(12, 6),
  is_simulated boolean not null default false,
  passed_over text check (passed_over in ('cost', 'refused')),
  passed_over_words text,
  primary key (reach_id, number)
);
create unique index reach_steps_of on reach_steps (notification_id) where notification_id is not null;

alter table callbacks drop constraint callbacks_kinds_check;
alter table callbacks add constraint callbacks_kinds_check
  check (kinds <> '{}' and kinds <@ array['delivery-receipt', 'received-text', 'complaint', 'returned-letter', 'reach']);
