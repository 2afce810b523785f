-- A rule for words and links may hold what breaks it for two people to release, and may be about letters and chat messages, too.
alter table content_rules
  add column action text not null default 'refuse' check (action in ('refuse', 'hold')),
  drop constraint content_rules_channels_check,
  add constraint content_rules_channels_check check (channels <@ '{sms,email,letter,chat}' and cardinality(channels) > 0);

-- Why a message is held: there were too many, it breaks a rule, or a guard against floods has stopped its like. A rule has a name.
alter table held_messages
  add column held_for text not null default 'much' check (held_for in ('much', 'content-rule', 'flood')),
  add column rule_name text;

-- What services with a limit have accepted of a template within the last hour, minute by minute, in one row, which whoever counts locks: so
-- that what is above the limit is held exactly. Takes the place of release_counts, which nothing writes to any more.
create table release_tallies (
  service_id uuid not null,
  template_id uuid not null,
  -- Since 1970, with as many messages and pounds.
  minutes integer[] not null,
  messages integer[] not null,
  costs numeric[] not null,
  message_total integer not null,
  cost_total numeric(16, 6) not null,
  primary key (service_id, template_id)
) with (fillfactor = 50);
