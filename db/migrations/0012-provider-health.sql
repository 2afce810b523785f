-- How each process that sends gets on with each provider, as it said last: pages and commands are other processes.
create table provider_health (
  provider_id uuid not null references providers (id) on delete cascade,
  process_id uuid not null,
  is_available boolean not null,
  capacity integer not null,
  reason text,
  changed_at timestamptz not null,
  seen_at timestamptz not null,
  primary key (provider_id, process_id)
) with (fillfactor = 50);

-- Everything that one person did, among what everybody did.
create index audit_log_by_actor on audit_log (actor, id desc);
