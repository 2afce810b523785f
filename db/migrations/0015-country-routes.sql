-- Which providers are tried first for texts to a country, in this order; all others share what these do not take.
create table country_routes (
  country_prefix text not null,
  position smallint not null,
  provider_id uuid not null references providers on delete cascade,
  primary key (country_prefix, position),
  unique (country_prefix, provider_id)
);
