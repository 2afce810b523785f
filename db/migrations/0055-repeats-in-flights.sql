-- Texts are counted in the transaction that keeps them, so the database holds the limit. A row holds its own: what is stored already fits.
alter table repeats
  add column ceiling smallint not null default 1000,
  add constraint within_repeat_limit check (cardinality(sent_at) <= ceiling);
