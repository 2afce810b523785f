/**
 * What signs the alerts of a rule. The first secret is derived and kept nowhere; one that takes its place is kept sealed, and shown once. The one
 * before signs beside it for a day, or until somebody ends that, so that whoever is told need not change in the same moment.
 */
import { Refusal } from "../../core/refusal.ts";
import type { Tx } from "../../platform/db.ts";
import { deriveKey } from "../../platform/sealing.ts";
import { newWebhookSecret, webhookSecretOf } from "../../platform/webhook-signature.ts";
import {
  findRule,
  listRules,
  putSecrets,
  type RuleSecrets,
  type StoredRule,
} from "../../records/alerts/alert-store.ts";
import { type Actor, recordDeed } from "../actor.ts";
import type { App } from "../app.ts";

/** Both sign for so long. */
export const OLD_SECRET_HOURS = 24;
const HOUR_MS = 3_600_000;

type Keys = { keys: Pick<App["keys"], "master"> };
type Keeper = Pick<App, "db" | "clock"> & Keys;

/** By which whoever is told knows that it is from us: of the rule for as long as it is there, until it is renewed. */
export function firstAlertSecret({ keys }: Keys, ruleId: string): string {
  return webhookSecretOf(deriveKey(keys.master, `signatures of alert rule ${ruleId}`));
}

/** The newest first. Also of a rule that has gone meanwhile: what it had to say is still told. */
export async function secretsToSign({ db, keys, clock }: Keeper, ruleId: string): Promise<string[]> {
  const secrets = (await findRule(db, keys.master, ruleId))?.secrets;
  if (!secrets) return [firstAlertSecret({ keys }, ruleId)];
  return [secrets.current, ...(signsBeside(secrets, clock.now()) ? [secrets.before.secret] : [])];
}

type WithBefore = RuleSecrets & { before: NonNullable<RuleSecrets["before"]> };

export function signsBeside(secrets: RuleSecrets | undefined, now: Date): secrets is WithBefore {
  return secrets?.before !== undefined && secrets.before.until > now;
}

type Named = { serviceId: string | undefined; name: string };

/** Answers the new secret, to be shown this once. */
export async function renewAlertSecret(app: Keeper, actor: Actor, named: Named): Promise<string> {
  const secret = newWebhookSecret();
  await app.db.transaction(async (tx) => {
    const rule = await getRuleWithUrls(app, tx, named);
    const until = await replaceAlertSecret(app, tx, { rule, secret });
    await recordDeed(tx, actor, { ...deedOf(named, "secret-renewed"), after: { oldSignsUntil: until.toISOString() } });
  });
  return secret;
}

/** Says until when the one before signs, too. */
export async function replaceAlertSecret(
  { keys, clock }: Pick<App, "clock"> & Keys,
  tx: Tx,
  { rule: { id, secrets }, secret }: { rule: Pick<StoredRule, "id" | "secrets">; secret: string },
): Promise<Date> {
  const until = new Date(clock.now().getTime() + OLD_SECRET_HOURS * HOUR_MS);
  const before = { secret: secrets?.current ?? firstAlertSecret({ keys }, id), until };
  await putSecrets(tx, keys.master, { id, secrets: { current: secret, before } });
  return until;
}

/** From now on the new one alone signs. */
export async function endOldAlertSecret(app: Keeper, actor: Actor, named: Named): Promise<void> {
  await app.db.transaction(async (tx) => {
    const { id, secrets } = await getRuleWithUrls(app, tx, named);
    if (!signsBeside(secrets, app.clock.now())) throw new Refusal("conflict", "No old secret signs any more");
    await putSecrets(tx, app.keys.master, { id, secrets: { current: secrets.current, before: undefined } });
    await recordDeed(tx, actor, deedOf(named, "old-secret-ended"));
  });
}

async function getRuleWithUrls({ keys }: Keys, tx: Tx, { serviceId, name }: Named): Promise<StoredRule> {
  const rule = (await listRules(tx, keys.master, serviceId)).find((one) => one.name === name);
  if (!rule) throw new Refusal("not-found", "There is no such rule");
  if (rule.destinations.urls.length > 0) return rule;
  throw new Refusal("conflict", "The rule posts to no URL, so nothing of it is signed");
}

function deedOf({ serviceId, name }: Named, what: string) {
  return { action: `alert-rule.${what}`, subject: name, ...(serviceId ? { serviceId } : {}) };
}
