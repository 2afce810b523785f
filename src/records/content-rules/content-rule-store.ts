/** Rules for what messages may say, of a service or of the installation. A service's own are read with it; these are for who looks after them. */
import type { ContentRule } from "../../core/content-rules/content-rule.ts";
import { type Db, sqlConstant, type Tx } from "../../platform/db.ts";

export interface StoredContentRule extends Omit<ContentRule, "isPlatform"> {
  id: string;
  /** Undefined: of all services. */
  serviceId: string | undefined;
}

const COLUMNS = sqlConstant(
  "r.id, r.service_id, r.name, r.looks_for, r.action, r.entries, r.channels, r.country_prefixes",
);

/** Of one service, or of the installation. */
export function listContentRules(db: Db, serviceId: string | undefined): Promise<StoredContentRule[]> {
  return db.query<StoredContentRule>`
    select ${COLUMNS} from content_rules r where r.service_id is not distinct from ${serviceId ?? null}::uuid order by r.name`;
}

export async function putContentRule(tx: Tx, rule: StoredContentRule): Promise<void> {
  await tx.query`
    insert into content_rules (id, service_id, name, looks_for, action, entries, channels, country_prefixes)
    values (${rule.id}, ${rule.serviceId ?? null}, ${rule.name}, ${rule.looksFor}, ${rule.action}, ${rule.entries}, ${rule.channels},
      ${rule.countryPrefixes})
    on conflict (id) do update set name = excluded.name, looks_for = excluded.looks_for, action = excluded.action, entries = excluded.entries,
      channels = excluded.channels, country_prefixes = excluded.country_prefixes`;
}

export async function deleteContentRule(tx: Tx, id: string): Promise<void> {
  await tx.query`delete from content_rules where id = ${id}`;
}
