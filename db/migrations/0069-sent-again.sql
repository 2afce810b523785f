-- Of the texts that a provider was asked to carry, those that an earlier try had not reported back on in time: sent again, perhaps for the second
-- time, and what this provider charges for them in the deployment's currency, as far as it is known.
alter table provider_volumes
  add column repeated_messages integer not null default 0,
  add column repeated_cost numeric(16, 6);
