-- Networks by their codes (ITU-T E.212), empty where it is not known, or where any is meant.

-- A price of one network holds for numbers that were looked up, and comes before that of its beginning alone.
alter table prices add column network text not null default '' check (network ~ '^([0-9]{5,6})?$');
alter table prices drop constraint prices_pkey;
alter table prices add primary key (prefix, network, valid_from, from_fragments);

-- Where the recipient was when the text was accepted, as far as it had been looked up; or what the receipt said.
alter table notifications add column network text;

-- Counted by network, too. Until processes of the release before have stopped, what they count waits in their memory.
alter table quality_counts add column network text not null default '';
alter table quality_counts drop constraint quality_counts_pkey;
alter table quality_counts add primary key (slot, service_id, template_id, channel, provider, country_prefix, network, sender);
