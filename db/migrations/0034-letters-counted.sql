-- What is counted, is counted by postage and by how many sheets each letter has, too: together they have a price. Empty and none for texts
-- and emails. A housekeeper of the release before cannot fold hours any more: the next one does.
alter table hourly_statistics add column postage text not null default '', add column sheets_each smallint not null default 0;
alter table hourly_statistics drop constraint hourly_statistics_pkey;
alter table hourly_statistics add primary key
  (service_id, hour, channel, key_kind, template_id, status, code, rate_multiplier, country_prefix, postage, sheets_each);

alter table daily_statistics add column postage text not null default '', add column sheets_each smallint not null default 0;
alter table daily_statistics drop constraint daily_statistics_pkey;
alter table daily_statistics add primary key
  (service_id, day, channel, key_kind, template_id, status, code, rate_multiplier, country_prefix, postage, sheets_each);

-- Hours with letters are counted again by the housekeeping, as if they had just ended.
update counted_hours c set has_unfinished = true, counted_at = c.hour + interval '1 hour'
where not c.is_folded and exists (select from hourly_statistics h where h.hour = c.hour and h.channel = 'letter');

-- Days whose letters are all there still are counted anew. Of others it is not known any more how they were posted.
with counted as (
  select n.service_id, (c.hour at time zone 'Europe/London')::date as day, n.key_kind, n.template_id, n.status,
    case when n.status like '%fail%' then left(split_part(coalesce(n.reported_code, ''), ' ', 1), 40) else '' end as code,
    n.rate_multiplier, coalesce(n.country_prefix, '') as country_prefix, l.postage, n.fragments as sheets_each,
    count(*)::integer as messages, coalesce(sum(n.fragments) filter (where n.attempts > 0), 0)::integer as fragments
  from letters l
    join notifications n on n.id = l.notification_id
    join counted_hours c on c.hour = date_trunc('hour', n.created_at) and c.is_folded
  group by n.service_id, day, n.key_kind, n.template_id, n.status, code, n.rate_multiplier, n.country_prefix, l.postage, n.fragments
), complete as (
  select d.service_id, d.day
  from daily_statistics d
  where d.channel = 'letter'
  group by d.service_id, d.day
  having sum(d.messages) = (select sum(c.messages) from counted c where c.service_id = d.service_id and c.day = d.day)
), replaced as (
  delete from daily_statistics d using complete c
  where d.service_id = c.service_id and d.day = c.day and d.channel = 'letter'
)
insert into daily_statistics (service_id, day, channel, key_kind, template_id, status, code, rate_multiplier, country_prefix, postage,
  sheets_each, messages, fragments)
select c.service_id, c.day, 'letter', c.key_kind, c.template_id, c.status, c.code, c.rate_multiplier, c.country_prefix, c.postage,
  c.sheets_each, c.messages, c.fragments
from counted c join complete using (service_id, day);
