-- Areas that a service keeps under a name. A message to a group has a copy of the one that was chosen: what becomes of it here changes no message.
create table areas (
  id uuid primary key,
  service_id uuid not null references services,
  name text not null,
  area jsonb not null,
  created_at timestamptz not null,
  updated_at timestamptz not null
);
create unique index areas_by_name on areas (service_id, lower(name));
