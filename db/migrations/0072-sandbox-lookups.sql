-- The sandbox answers look-ups, too: asked only where no other supplier is switched on.
alter table lookup_suppliers add column is_sandbox boolean not null default false;
