-- Whether networks have said that a number roams, beside where it is: a service may send no texts to such numbers.
alter table network_lookups add column is_roaming boolean;
alter table services add column refuses_roaming boolean not null default false;
-- Numbers abroad must say their country with + or 00; else digits that are no number at home are read as if they had a plus, as Notify does.
alter table services add column requires_country boolean not null default false;
