-- A number that is asked for as a sender can be proved by a code that is texted to it. Only the last code counts, for so many tries.
alter table text_sender_requests
  add column proof_hash bytea,
  add column proof_sent_at timestamptz,
  add column proof_tries smallint not null default 0,
  add column is_proven boolean not null default false;
