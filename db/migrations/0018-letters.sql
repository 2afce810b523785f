-- Letters: what they keep beside their notification, the runs they are printed in, and what a letter template has that others have not.

alter table template_versions
  -- The sender's address, placeholders allowed. Kept with the version, so that a letter is printed as it was written.
  add column contact_block text,
  -- The Welsh half of a bilingual letter; it is printed first.
  add column welsh_subject text,
  add column welsh_body text,
  -- Pages that go with every letter of this version.
  add column attachment_id uuid;

create table letter_attachments (
  id uuid primary key,
  service_id uuid not null references services,
  file_name text not null,
  pages smallint not null check (pages between 1 and 10),
  -- Where the PDF is kept, sealed like everything of the service's.
  stored_as text not null,
  created_at timestamptz not null default now(),
  archived_at timestamptz
);
create index letter_attachments_by_service on letter_attachments (service_id) where archived_at is null;
alter table template_versions
  add constraint template_versions_attachment_id_fkey foreign key (attachment_id) references letter_attachments;

-- Letters handed to one printer together.
create table print_runs (
  id uuid primary key,
  -- By name: what was printed still says where when the provider is gone.
  provider text not null,
  -- Letters made before this moment are in it.
  cut_off_at timestamptz not null,
  letters integer not null,
  -- Times it was begun and could not be finished.
  failed_tries smallint not null default 0,
  last_problem text,
  -- The printer has every letter and the list of them; all that is left is to say so.
  prepared_at timestamptz,
  finished_at timestamptz,
  created_at timestamptz not null default now()
);
create index print_runs_unfinished on print_runs (id) where finished_at is null;

-- A letter's row beside its notification, and gone with it: upkeep deletes both.
create table letters (
  notification_id uuid primary key,
  service_id uuid not null,
  is_precompiled boolean not null,
  postage text not null check (postage in ('first', 'second', 'economy', 'europe', 'rest-of-world')),
  -- The lines that are printed in the window: unset until they have been read from a supplied PDF.
  sealed_address bytea,
  -- Unset until the PDF has been made, or has passed its checks.
  pages smallint,
  sheets smallint,
  -- Why a letter is not printed, and on which pages that shows.
  reason_code text,
  reason_pages smallint[],
  -- Where its PDF is kept, sealed; unset while there is none.
  stored_as text,
  -- Of the PDF itself, for the printer's list.
  pdf_bytes integer,
  pdf_sha256 bytea,
  -- Ready, and in no run yet.
  awaits_print boolean not null default false,
  print_run_id uuid references print_runs,
  handed_over_at timestamptz,
  despatched_at timestamptz,
  returned_at timestamptz
) with (fillfactor = 70);
create index letters_awaiting_print on letters (notification_id) where awaits_print;
create index letters_of_run on letters (print_run_id) where print_run_id is not null;
create index letters_returned on letters (service_id, returned_at) where returned_at is not null;

alter table providers drop constraint providers_kind_check;
alter table providers
  add constraint providers_kind_check check (kind in ('smpp', 'smtp', 'http', 'print-sftp', 'print-http'));
