-- Letters that people have uploaded and that can be printed, for as long as they are looked at and not sent.
create table letter_uploads (
  id uuid primary key,
  service_id uuid not null references services,
  uploaded_by_name text not null,
  -- What its file is called, and the address in its window.
  sealed_details bytea not null,
  pages smallint not null,
  -- Where the PDF is kept, sealed.
  stored_as text not null,
  -- What became of it, once it is sent.
  notification_id uuid,
  uploaded_at timestamptz not null
);
create index letter_uploads_unsent on letter_uploads (service_id, id) where notification_id is null;
create index letter_uploads_by_age on letter_uploads (uploaded_at);
