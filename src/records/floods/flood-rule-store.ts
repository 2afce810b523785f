/** Guards against floods, of a service or of the installation. A service's own are read with it; these are for who looks after them. */
import type { FloodRule } from "../../core/floods/flood-rule.ts";
import { type Db, sqlConstant, type Tx } from "../../platform/db.ts";

export interface StoredFloodRule extends FloodRule {
  id: string;
  /** Undefined: of each service. */
  serviceId: string | undefined;
}

const COLUMNS = sqlConstant(
  "r.id, r.service_id, r.counts_by, r.at_least, r.times_usual, r.window_minutes, r.prefix_digits, r.action, r.stops_minutes",
);

/** Of one service, or of the installation. */
export function listFloodRules(db: Db, serviceId: string | undefined): Promise<StoredFloodRule[]> {
  return db.query<StoredFloodRule>`
    select ${COLUMNS} from flood_rules r where r.service_id is not distinct from ${serviceId ?? null}::uuid order by r.counts_by`;
}

/** What was counted in steps or prefixes of another length says nothing any more. */
export async function putFloodRule(tx: Tx, rule: StoredFloodRule): Promise<void> {
  await tx.query`
    delete from flood_tallies t using flood_rules r
    where r.id = ${rule.id} and t.rule_id = r.id
      and (r.window_minutes, r.prefix_digits) is distinct from (${rule.windowMinutes}::integer, ${rule.prefixDigits}::integer)`;
  await tx.query`
    insert into flood_rules (id, service_id, counts_by, at_least, times_usual, window_minutes, prefix_digits, action, stops_minutes)
    values (${rule.id}, ${rule.serviceId ?? null}, ${rule.countsBy}, ${rule.atLeast}, ${rule.timesUsual}, ${rule.windowMinutes},
      ${rule.prefixDigits}, ${rule.action}, ${rule.stopsMinutes})
    on conflict (id) do update set at_least = excluded.at_least, times_usual = excluded.times_usual,
      window_minutes = excluded.window_minutes, prefix_digits = excluded.prefix_digits, action = excluded.action,
      stops_minutes = excluded.stops_minutes`;
}

/** With what it has counted, and stopped. */
export async function deleteFloodRule(tx: Tx, id: string): Promise<void> {
  await tx.query`delete from flood_tallies where rule_id = ${id}`;
  await tx.query`delete from flood_rules where id = ${id}`;
}
