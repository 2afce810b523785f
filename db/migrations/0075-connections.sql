-- Ready-made links from other products, which post what happens in them: how the recipient and the template's fields are found in it.
create table connections (
  id uuid primary key,
  service_id uuid not null references services (id),
  name text not null,
  kind text not null check (kind in ('pipedrive', 'salesforce', 'woocommerce', 'json')),
  template_id uuid not null references templates (id),
  recipient_path text not null,
  -- Paths by the names of the template's fields.
  fields jsonb not null,
  conditions jsonb not null,
  event_path text,
  -- The same event within so many days makes one message.
  repeat_days smallint not null,
  -- Of Salesforce alone, whose messages say it.
  organization_id text,
  sealed_secret bytea not null,
  is_on boolean not null default true,
  created_by text not null,
  created_at timestamptz not null default now(),
  constraint connections_by_name unique (service_id, name)
);
