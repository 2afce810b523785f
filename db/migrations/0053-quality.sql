-- How messages fared, counted by the processes that hand them over and take reports: by five minutes, later by the hour and by the day.
create table quality_counts (
  slot timestamptz not null,
  service_id uuid not null,
  template_id uuid not null,
  channel text not null,
  provider text not null,
  country_prefix text not null,
  sender text not null,
  -- Taken by a provider.
  sent integer not null default 0,
  -- Ended, by how.
  delivered integer not null default 0,
  permanent integer not null default 0,
  temporary integer not null default 0,
  technical integer not null default 0,
  -- Of those delivered, by how long it took: bounds in core/quality/histogram.ts.
  times integer[] not null,
  primary key (slot, service_id, template_id, channel, provider, country_prefix, sender)
) with (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_threshold = 5000);
create index quality_counts_of_service on quality_counts (service_id, slot);
