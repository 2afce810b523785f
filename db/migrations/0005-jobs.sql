-- Background work waiting to be done. An entry is ready (wake_at is null), or asleep until wake_at: leased by a worker, to be retried,
-- or scheduled. A worker that dies does nothing: its lease ends and the entry is ready again.
create table jobs (
  queue text not null,
  id uuid not null,
  -- 0 high, 1 normal, 2 bulk
  lane smallint not null,
  -- Order inside a lane, fair between groups: a group's thousandth entry comes after another's first.
  turn bigint not null,
  wake_at timestamptz,
  leases smallint not null default 0,
  payload jsonb,
  primary key (queue, id)
) with (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 1000, autovacuum_vacuum_cost_delay = 0);
create index jobs_ready on jobs (queue, lane, turn) where wake_at is null;
create index jobs_asleep on jobs (queue, wake_at) where wake_at is not null;

-- When each piece of housekeeping was last done, by whichever process.
create table upkeep_runs (
  task text primary key,
  ran_at timestamptz not null,
  duration_ms integer not null,
  counts jsonb not null
);
