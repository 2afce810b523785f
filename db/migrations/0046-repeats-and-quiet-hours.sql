-- Guards against sending too often, and at night: off unless a service, or the installation for its services, says otherwise.
alter table services
  -- Texts to one number within an hour: of the same words, and of any. Unset: as the installation has it. 0: as many as one likes.
  add column repeat_limit_same smallint check (repeat_limit_same between 0 and 1000),
  add column repeat_limit_any smallint check (repeat_limit_any between 0 and 1000),
  -- "21:00": on the clocks of whoever gets the text.
  add column quiet_from text,
  add column quiet_until text,
  add constraint quiet_hours_have_two_ends check ((quiet_from is null) = (quiet_until is null));

-- When texts went to a number in the last hour; a row for each number, and one for each of the texts it got.
create table repeats (
  service_id uuid not null references services (id),
  recipient_index bytea not null,
  -- A keyed hash of the words; empty for whatever they are.
  content_index bytea not null,
  sent_at timestamptz[] not null,
  latest_at timestamptz not null,
  primary key (service_id, recipient_index, content_index)
) with (fillfactor = 70);
create index repeats_by_age on repeats (latest_at);
