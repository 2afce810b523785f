/** What countries' networks ask of senders, as it is set up. Services read the rules with themselves. */
import type { CountrySenderRule } from "../../core/senders/choose-text-sender.ts";
import type { Db, Tx } from "../../platform/db.ts";

export function listCountryRules(db: Db): Promise<CountrySenderRule[]> {
  return db.query<CountrySenderRule>`
    select c.country_prefix, c.sender_types, c.registered_only, c.needs_signature
    from country_sender_rules c order by c.country_prefix`;
}

export async function putCountryRule(tx: Tx, rule: CountrySenderRule): Promise<void> {
  await tx.query`
    insert into country_sender_rules (country_prefix, sender_types, registered_only, needs_signature)
    values (${rule.countryPrefix}, ${rule.senderTypes}, ${rule.registeredOnly}, ${rule.needsSignature})
    on conflict (country_prefix) do update set sender_types = excluded.sender_types,
      registered_only = excluded.registered_only, needs_signature = excluded.needs_signature`;
}

export async function deleteCountryRule(tx: Tx, countryPrefix: string): Promise<void> {
  await tx.query`delete from country_sender_rules where country_prefix = ${countryPrefix}`;
}
