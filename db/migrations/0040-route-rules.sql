-- A route is a rule: which messages it takes, and where it stands among the routes that take them. An empty list takes everything.
-- What 0015 kept as a country's order becomes routes for that country; nothing has been released with it.

alter table routes
  add column name text,
  add column position smallint not null default 100 check (position between 1 and 999),
  add column country_prefixes text[] not null default '{}',
  -- Mobile country code and network code together.
  add column networks text[] not null default '{}',
  add column service_ids uuid[] not null default '{}',
  add column sender_types text[] not null default '{}'
    check (sender_types <@ '{alphanumeric,long-number,short-code}'::text[]),
  add column priorities text[] not null default '{}' check (priorities <@ '{high,normal,low}'::text[]),
  -- As written: "mon-fri 08:00-20:00", on the clocks at home.
  add column times text[] not null default '{}',
  add column is_cheapest_first boolean not null default false;
update routes r set name = p.name from providers p where p.id = r.provider_id;

-- Health is the provider's, and shared by all routes that lead to it: a route has the one weight it was given.
alter table routes
  alter column name set not null,
  drop constraint routes_channel_provider_id_key,
  drop column weight,
  drop column weight_changed_at;
alter table routes rename column resting_weight to weight;
create unique index routes_by_name on routes (name);
create index routes_of_provider on routes (provider_id);

insert into routes (id, channel, provider_id, key_kinds, carries_international, weight, name, position, country_prefixes)
select gen_random_uuid(), 'sms', r.provider_id, r.key_kinds, r.carries_international, 100,
  'to-' || c.country_prefix || '-' || p.name, c.position, array[c.country_prefix]
from country_routes c join providers p on p.id = c.provider_id join routes r on r.provider_id = p.id and r.channel = 'sms';
drop table country_routes;

-- What a provider charges for one part of a text to a country, in the currency of the deployment.
create table provider_prices (
  provider_id uuid not null references providers on delete cascade,
  country_prefix text not null,
  price numeric(12, 6) not null check (price >= 0),
  primary key (provider_id, country_prefix)
);

-- By which route a message went, and why: "northline weight:70/100 -coast:away".
alter table notifications add column route_note text;
