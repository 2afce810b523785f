-- What came of the calls of a connection, for some weeks. What was in them is not kept.
create table connection_calls (
  id uuid primary key,
  connection_id uuid not null references connections (id) on delete cascade,
  outcome text not null check (outcome in ('sent', 'repeated', 'left-out', 'refused')),
  -- The condition that did not hold, or why it was refused.
  reason text,
  notification_id uuid,
  -- Keyed hash of what tells its event from others.
  event_index bytea
);
create index connection_calls_latest on connection_calls (connection_id, id desc);
create index connection_calls_events on connection_calls (connection_id, event_index) where outcome = 'sent' and event_index is not null;
