/** What countries' networks ask of senders, as it is set up. Services read the rules with themselves. */
import type { CountrySenderRule } from "../../core/senders/choose-text-sender.ts";
import type { Db, Tx } from "../../platform/db.ts";

/** With what is only read by people. */
export interface KeptCountryRule extends CountrySenderRule {
  /** What a registration there takes: papers, waiting time, cost. */
  requirements: string;
}

export function listCountryRules(db: Db): Promise<KeptCountryRule[]> {
  return db.query<KeptCountryRule>`
    select c.country_prefix, c.sender_types, c.registered_only, c.needs_signature, c.requirements
    from country_sender_rules c order by c.country_prefix`;
}

/** Where nothing is said of what a registration takes, that stays as it is. */
export async function putCountryRule(
  tx: Tx,
  rule: CountrySenderRule & { requirements?: string | undefined },
): Promise<void> {
  const requirements = rule.requirements ?? null;
  await tx.query`
    insert into country_sender_rules (country_prefix, sender_types, registered_only, needs_signature, requirements)
    values (${rule.countryPrefix}, ${rule.senderTypes}, ${rule.registeredOnly}, ${rule.needsSignature}, coalesce(${requirements}::text, ''))
    on conflict (country_prefix) do update set sender_types = excluded.sender_types,
      registered_only = excluded.registered_only, needs_signature = excluded.needs_signature,
      requirements = coalesce(${requirements}::text, country_sender_rules.requirements)`;
}

export async function deleteCountryRule(tx: Tx, countryPrefix: string): Promise<void> {
  await tx.query`delete from country_sender_rules where country_prefix = ${countryPrefix}`;
}
