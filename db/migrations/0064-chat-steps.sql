-- A step of a reach may be a chat message, whose app can say that it was seen.
alter table reaches
  drop constraint reaches_reached_by_check,
  add constraint reaches_reached_by_check check (reached_by in ('delivered', 'seen', 'sent', 'answered', 'confirmed'));
alter table reach_steps
  drop constraint reach_steps_until_check,
  add constraint reach_steps_until_check check (until in ('delivered', 'seen', 'sent', 'answered', 'confirmed'));
