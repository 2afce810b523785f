-- A service may be told at several addresses, at each of what it has chosen. A row is an endpoint as it was at a time, as before: a
-- change makes a new row, and the endpoint's id stays.
alter table callbacks
  add column endpoint_id uuid,
  add column kinds text[],
  -- It has failed for too long: nothing is told until somebody resumes it.
  add column paused_at timestamptz;

-- What stood for one kind becomes an endpoint that is told of that kind, with the rows it has replaced.
update callbacks set endpoint_id = id, kinds = array[kind];
update callbacks o set endpoint_id = c.id from callbacks c
where c.service_id = o.service_id and c.kind = o.kind and c.replaced_at is null and o.replaced_at is not null;

alter table callbacks
  alter column endpoint_id set not null,
  alter column kinds set not null,
  add check (kinds <> '{}' and kinds <@ array['delivery-receipt', 'received-text', 'complaint', 'returned-letter']),
  -- Written no more; to be removed.
  alter column kind drop not null;
drop index callbacks_in_use;
create unique index callbacks_in_use on callbacks (endpoint_id) where replaced_at is null;
create index callbacks_of_endpoint on callbacks (service_id, endpoint_id);

-- Attempts that were not taken since the last that was, of endpoints that fail: nothing is written of those that do not.
create table callback_failures (
  callback_id uuid primary key references callbacks,
  failures integer not null,
  first_failed_at timestamptz not null,
  last_failed_at timestamptz not null
);
