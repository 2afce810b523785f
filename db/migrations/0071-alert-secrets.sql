-- The secret that signs what an alert rule posts, once it was renewed, and the one before for as long as it signs, too. Before, it is derived.
alter table alert_rules add column sealed_secrets bytea;
