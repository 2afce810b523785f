-- How many messages a stop has kept back since it began.
alter table flood_stops add column refused bigint not null default 0;
alter table flood_stops add column held bigint not null default 0;
