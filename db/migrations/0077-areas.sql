-- Of a message to a group that goes only to those in an area: how many were outside, and of how many it is not known where they are.
alter table group_sends
  add column outside integer not null default 0,
  add column without_position integer not null default 0;
