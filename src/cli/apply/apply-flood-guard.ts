/** Guards against floods. */
import { FLOOD_USUAL, type FloodRule } from "../../core/floods/flood-rule.ts";
import { Refusal } from "../../core/refusal.ts";
import { readFloodRule } from "../../flow/floods/change-flood-rules.ts";
import { newId } from "../../platform/ids.ts";
import {
  deleteFloodRule,
  listFloodRules,
  putFloodRule,
  type StoredFloodRule,
} from "../../records/floods/flood-rule-store.ts";
import type { DeclaredFloodRule } from "./declaration.ts";
import { refuseAt } from "./read.ts";
import { type Noun, reconcile } from "./reconcile.ts";
import type { Owner, Run } from "./run.ts";

/** Of one service, or without an owner of the installation. */
export async function applyFloodGuard(
  run: Run,
  owner: Owner | undefined,
  wanted: readonly DeclaredFloodRule[] | undefined,
): Promise<void> {
  if (!wanted) return;
  const { tx } = run;
  const serviceId = owner?.serviceId;
  const noun: Noun<DeclaredFloodRule, StoredFloodRule> = {
    kind: "flood guard",
    ...(owner ? { serviceId, owner: ` of ${owner.name}` } : {}),
    nameOf: (rule) => ("counts" in rule ? rule.counts : rule.countsBy),
    placeOf: ({ at }) => at,
    fieldsOf: ({ id: _, serviceId: __, ...fields }) => ({ ...fields }),
    wishesOf: (declared) => ({ ...ruleOf(declared) }),
    insert: (declared) => putFloodRule(tx, { ...ruleOf(declared), id: newId(), serviceId }),
    update: ({ id }, declared) => putFloodRule(tx, { ...ruleOf(declared), id, serviceId }),
    remove: ({ id }) => deleteFloodRule(tx, id),
  };
  await reconcile(run, noun, { wanted, current: await listFloodRules(tx, serviceId) });
}

/** By the same rules as on the page; what is not said is as usual. */
function ruleOf(declared: DeclaredFloodRule): FloodRule {
  const said = {
    ...{ countsBy: declared.counts, atLeast: declared.at_least, timesUsual: declared.times_usual },
    ...{ windowMinutes: declared.window_minutes, prefixDigits: declared.prefix_digits },
    ...{ action: declared.action, stopsMinutes: declared.stops_minutes },
  };
  const given = Object.fromEntries(Object.entries(said).filter(([, value]) => value !== undefined));
  try {
    return readFloodRule({ ...FLOOD_USUAL, countsBy: declared.counts, ...given });
  } catch (error) {
    if (error instanceof Refusal) return refuseAt(declared.at, `cannot be: ${error.message}`);
    throw error;
  }
}
