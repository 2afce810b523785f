-- What a service's letters show at the top left. Printed letters keep theirs.
create table letter_logos (
  service_id uuid primary key references services,
  format text not null check (format in ('svg', 'png')),
  picture bytea not null,
  -- What it shows, for people who do not see it.
  description text not null,
  created_at timestamptz not null default now()
);
