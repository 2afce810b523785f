/** Rules by which somebody is told of what is out of the ordinary. Whom they tell is said as secrets are: whether it changes, not who it is. */
import { Refusal } from "../../core/refusal.ts";
import { firstAlertSecret, replaceAlertSecret } from "../../flow/alerts/alert-secrets.ts";
import { readRule } from "../../flow/alerts/change-rules.ts";
import { newId } from "../../platform/ids.ts";
import { deleteRule, listRules, putRule, putSecrets, type StoredRule } from "../../records/alerts/alert-store.ts";
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
  const { tx, keys, now } = run;
  const serviceId = owner?.serviceId;
  const noun: Noun<DeclaredAlert, StoredRule> = {
    kind: "alert rule",
    ...(owner ? { serviceId, owner: ` of ${owner.name}` } : {}),
    nameOf: ({ name }) => name,
    placeOf: ({ at }) => at,
    fieldsOf: ({ kind, threshold, windowMinutes, leastCount }) => {
      return { kind, threshold, windowMinutes, leastCount, destinations: keptSecret, signingSecret: keptSecret };
    },
    wishesOf: (declared, current) => {
      const { kind, threshold, windowMinutes, leastCount, destinations } = ruleOf(declared);
      const told = secretWord(JSON.stringify(destinations), current && JSON.stringify(current.destinations));
      const signingSecret = secretWord(declared.signing_secret, current && secretOf(run, current));
      return { kind, threshold, windowMinutes, leastCount, destinations: told, signingSecret };
    },
    insert: async (declared) => {
      const id = newId();
      await putRule(tx, keys.master, { ...ruleOf(declared), id, serviceId });
      const current = declared.signing_secret;
      if (current !== undefined) await putSecrets(tx, keys.master, { id, secrets: { current, before: undefined } });
    },
    update: async (rule, declared) => {
      await putRule(tx, keys.master, { ...ruleOf(declared), id: rule.id, serviceId });
      const secret = declared.signing_secret;
      if (secret === undefined || secret === secretOf(run, rule)) return;
      await replaceAlertSecret({ keys, clock: { now: () => now } }, tx, { rule, secret });
    },
    remove: ({ id }) => deleteRule(tx, id),
  };
  await reconcile(run, noun, { wanted, current: await listRules(tx, keys.master, serviceId) });
}

function secretOf({ keys }: Run, { id, secrets }: StoredRule): string {
  return secrets?.current ?? firstAlertSecret({ keys }, id);
}

/** By the same rules as on the page. */
function ruleOf(declared: DeclaredAlert): Omit<StoredRule, "id" | "serviceId" | "secrets"> {
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
