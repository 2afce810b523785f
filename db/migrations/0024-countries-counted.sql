-- What is counted, is counted by country too: the prefix of the table of rates. Empty for emails and letters, and for texts of hours that
-- were folded into their days before this. A housekeeper of the release before cannot fold hours any more: the next one does.
alter table hourly_statistics add column country_prefix text not null default '';
alter table hourly_statistics drop constraint hourly_statistics_pkey;
alter table hourly_statistics add primary key
  (service_id, hour, channel, key_kind, template_id, status, code, rate_multiplier, country_prefix);

alter table daily_statistics add column country_prefix text not null default '';
alter table daily_statistics drop constraint daily_statistics_pkey;
alter table daily_statistics add primary key
  (service_id, day, channel, key_kind, template_id, status, code, rate_multiplier, country_prefix);
