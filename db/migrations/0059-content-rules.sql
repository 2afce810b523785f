-- What a service, or without one the installation, does not want to be sent.
create table content_rules (
  id uuid primary key,
  service_id uuid references services (id),
  name text not null,
  looks_for text not null check (looks_for in ('words', 'links', 'unlisted-links', 'short-links', 'address-links')),
  entries text[] not null,
  channels text[] not null check (channels <@ '{sms,email}' and cardinality(channels) > 0),
  country_prefixes text[] not null,
  created_at timestamptz not null default now()
);
create unique index content_rules_name on content_rules (coalesce(service_id, '00000000-0000-0000-0000-000000000000'::uuid), name);

-- For how long a message can be taken back before it goes, and in which lanes those of its systems wait for that.
alter table services
  add column undo_seconds smallint not null default 0 check (undo_seconds between 0 and 300),
  add column undo_lanes text[] not null default '{}' check (undo_lanes <@ '{normal,low}');
