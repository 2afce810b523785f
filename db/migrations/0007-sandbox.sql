-- What the demonstration's phone and mailbox have received, for a short time.
create table sandbox_outbox (
  id uuid primary key,
  channel text not null,
  recipient_index bytea not null,
  sealed_message bytea not null,
  created_at timestamptz not null default now()
);
create index sandbox_outbox_by_recipient on sandbox_outbox (recipient_index, id desc);
