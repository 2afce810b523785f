-- Conversations: whether the team has read what somebody wrote, who answers, and whether it is done with.
create table conversations (
  service_id uuid not null references services,
  -- Who wrote, by the blind index that their texts carry.
  sender_index bytea not null,
  newest_text_id uuid not null,
  -- The newest text that the team has read; null for none.
  read_up_to_id uuid,
  -- Who of the team sees to it.
  assignee_id uuid references users,
  -- Done with, until they write again.
  closed_at timestamptz,
  changed_at timestamptz not null,
  primary key (service_id, sender_index)
);
create index conversations_by_newest on conversations (service_id, newest_text_id desc);
create index conversations_by_change on conversations (service_id, changed_at desc);

-- What was there before there was anything to be read counts as read.
insert into conversations (service_id, sender_index, newest_text_id, read_up_to_id, changed_at)
select distinct on (m.service_id, m.sender_index) m.service_id, m.sender_index, m.id, m.id, m.created_at
from inbound_messages m
order by m.service_id, m.sender_index, m.id desc;
