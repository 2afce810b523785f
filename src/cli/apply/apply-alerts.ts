/** Rules by which somebody is told of what is out of the ordinary. Whom they tell is said as secrets are: whether it changes, not who it is. */
import { Refusal } from "../../core/refusal.ts";
import { readRule } from "../../flow/alerts/change-rules.ts";
import { newId } from "../../platform/ids.ts";
import { deleteRule, listRules, putRule, type StoredRule } from "../../records/alerts/alert-store.ts";
import type { DeclaredAlert } from "./declaration.ts";
import { refuseAt } from "./read.ts";
import { keptSecret, type Noun, reconcile, secretWord } from "./reconcile.ts";
import type { Owner, Run } from "./run.ts";

const WINDOW_MINUTES = 30;
const LEAST_COUNT = 50;

/** Of one service, or without an owner of the installation. */
export async function applyAlerts(
  run: Run,
  owner: Owner | undefined,
  wanted: readonly DeclaredAlert[] | undefined,
): Promise<void> {
  if (!wanted) return;
  const { tx, keys } = run;
  const serviceId = owner?.serviceId;
  const noun: Noun<DeclaredAlert, StoredRule> = {
    kind: "alert rule",
    ...(owner ? { serviceId, owner: ` of ${owner.name}` } : {}),
    nameOf: ({ name }) => name,
    placeOf: ({ at }) => at,
    fieldsOf: ({ kind, threshold, windowMinutes, leastCount }) => {
      return { kind, threshold, windowMinutes, leastCount, destinations: keptSecret };
    },
    wishesOf: (declared, current) => {
      const { kind, threshold, windowMinutes, leastCount, destinations } = ruleOf(declared);
      const told = secretWord(JSON.stringify(destinations), current && JSON.stringify(current.destinations));
      return { kind, threshold, windowMinutes, leastCount, destinations: told };
    },
    insert: (declared) => putRule(tx, keys.master, { ...ruleOf(declared), id: newId(), serviceId }),
    update: ({ id }, declared) => putRule(tx, keys.master, { ...ruleOf(declared), id, serviceId }),
    remove: ({ id }) => deleteRule(tx, id),
  };
  await reconcile(run, noun, { wanted, current: await listRules(tx, keys.master, serviceId) });
}

/** By the same rules as on the page. */
function ruleOf(declared: DeclaredAlert): Omit<StoredRule, "id" | "serviceId"> {
  const { name, kind, threshold = 0, window_minutes: windowMinutes = WINDOW_MINUTES } = declared;
  const { least_count: leastCount = LEAST_COUNT, emails = [], numbers = [], urls = [] } = declared;
  const lists = { emails: emails.join("\n"), numbers: numbers.join("\n"), urls: urls.join("\n") };
  const figures = { threshold: `${threshold}`, windowMinutes: `${windowMinutes}`, leastCount: `${leastCount}` };
  try {
    return readRule({ name, kind, ...figures, ...lists });
  } catch (error) {
    if (error instanceof Refusal) return refuseAt(declared.at, `cannot be: ${error.message}`);
    throw error;
  }
}
