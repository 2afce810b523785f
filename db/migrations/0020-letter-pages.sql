-- Addresses that a service's letters can be from. A template copies the one that is chosen, and is printed as it was written.
create table letter_contact_blocks (
  id uuid primary key,
  service_id uuid not null references services,
  contact_block text not null,
  -- New letter templates begin with it. None: they begin without an address.
  is_default boolean not null,
  created_at timestamptz not null default now(),
  archived_at timestamptz
);
create unique index letter_contact_blocks_default on letter_contact_blocks (service_id) where is_default and archived_at is null;
create index letter_contact_blocks_by_service on letter_contact_blocks (service_id) where archived_at is null;

alter table template_drafts
  add column postage text,
  add column contact_block text,
  add column welsh_subject text,
  add column welsh_body text;
