-- What carriers charge, in their own currencies, and by network.

-- In which a provider charges (ISO 4217); none: the deployment's own.
alter table providers add column currency text check (currency ~ '^[A-Z]{3}$');

-- Of one network (ITU-T E.212), before that of its country; empty: all.
alter table provider_prices add column network text not null default '' check (network ~ '^([0-9]{5,6})?$');
alter table provider_prices drop constraint provider_prices_pkey;
alter table provider_prices add primary key (provider_id, country_prefix, network);

-- What one unit of another currency is in the deployment's own, from a day at home on.
create table exchange_rates (
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  valid_from date not null,
  rate numeric(20, 10) not null check (rate > 0),
  primary key (currency, valid_from)
);

-- What the provider charges for them, by the prices and the rate that held when they were counted: in its currency (empty: the deployment's
-- own), and in the deployment's. Fragments without a price, or without a rate, are in neither. None: counted before.
alter table provider_volumes
  add column currency text not null default '',
  add column charged numeric(16, 6),
  add column cost numeric(16, 6),
  add column unpriced_fragments integer not null default 0;
