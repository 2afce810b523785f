-- Files that go with every email of a template, each as a link in the place of the placeholder with its name.
create table template_files (
  id uuid primary key,
  service_id uuid not null references services,
  template_id uuid not null references templates,
  file_name text not null,
  extension text not null,
  mime_type text not null,
  -- As it was given, in bytes.
  size integer not null,
  -- What recipients see in the place of the link's address; null for the address.
  link_text text,
  retention_weeks smallint not null check (retention_weeks between 1 and 78),
  asks_for_address boolean not null,
  -- The key that the file is sealed under, under the service's. Null once it is removed: from then on links that were sent open it, and
  -- nothing else.
  sealed_key bytea,
  -- The file is in the store.
  kept_at timestamptz,
  removed_at timestamptz,
  created_at timestamptz not null default now()
);
create index template_files_in_use on template_files (template_id) where removed_at is null;
create index template_files_removed on template_files (removed_at) where removed_at is not null;

-- A recipient's link to one of them: the file's key is among the details, which the link opens.
alter table documents add column template_file_id uuid references template_files on delete set null;
create index documents_of_template_file on documents (template_file_id) where template_file_id is not null;

-- Letters that came as PDFs, as their service looks through them.
create index letters_supplied on letters (service_id, notification_id) where is_precompiled;
