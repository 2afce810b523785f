-- Texts that providers were asked to carry, by the hour they were accepted in: of all services together, without those of test keys and
-- those that failed for technical reasons. Hours that were counted before this have none.
create table provider_volumes (
  hour timestamptz not null,
  provider text not null,
  rate_multiplier smallint not null,
  messages integer not null,
  fragments integer not null,
  primary key (hour, provider, rate_multiplier)
);
