-- Messages of one template above a number or a cost within an hour are held until two people have released them. 0: never.
alter table services
  add column release_above integer not null default 0 check (release_above between 0 and 1000000),
  add column release_above_pounds integer not null default 0 check (release_above_pounds between 0 and 1000000),
  add column release_within_hours smallint not null default 24 check (release_within_hours between 1 and 72);

-- What services with such a limit have accepted, by five minutes, of the last hour.
create table release_counts (
  service_id uuid not null,
  template_id uuid not null,
  slot timestamptz not null,
  messages integer not null,
  cost numeric(16, 6) not null,
  primary key (service_id, template_id, slot)
) with (fillfactor = 50);
create index release_counts_by_slot on release_counts (slot);

-- Their jobs sleep for ever.
create table held_messages (
  notification_id uuid primary key,
  service_id uuid not null references services (id),
  template_id uuid not null references templates (id),
  channel text not null,
  cost numeric(16, 6) not null,
  -- A person, who may not release it.
  sent_by uuid,
  scheduled_for timestamptz,
  expires_at timestamptz not null
);
create index held_messages_by_template on held_messages (service_id, template_id, notification_id);
create index held_messages_by_expiry on held_messages (expires_at);

-- Somebody has asked for a template's held messages; once somebody else has agreed, those up to one of them go.
create table release_requests (
  service_id uuid not null references services (id),
  template_id uuid not null references templates (id),
  asked_by uuid not null references users (id),
  asked_at timestamptz not null,
  approved_by uuid references users (id),
  up_to uuid,
  primary key (service_id, template_id)
);
