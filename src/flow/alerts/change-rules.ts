/** Alert rules as people write them, for a service or for the installation: checked, kept, and said in the log without whom they tell. */
import { ALERT_KINDS, type AlertKind } from "../../core/alerts/alert-rule.ts";
import { parseEmailAddress } from "../../core/email/parse-email-address.ts";
import { parsePhoneNumber } from "../../core/phone/parse-phone-number.ts";
import { Refusal } from "../../core/refusal.ts";
import { newId } from "../../platform/ids.ts";
import { deleteRule, listRules, putRule, type StoredRule } from "../../records/alerts/alert-store.ts";
import { type Actor, recordDeed } from "../actor.ts";
import type { App } from "../app.ts";
import { type FieldProblem, fieldRefusal, refuseProblems } from "../form-refusal.ts";

const RULES_MAX = 20;
const DESTINATIONS_MAX = 10;
const NAME_MAX_CHARACTERS = 60;
const URL_MAX_CHARACTERS = 2_048;
export const ALERT_LIMITS = {
  threshold: { min: 1, max: 1_000_000 },
  windowMinutes: { min: 5, max: 1_440 },
  leastCount: { min: 1, max: 1_000_000 },
} as const;

type Keeper = Pick<App, "db" | "keys">;

/** As filled in: whom it tells, one a line. */
export interface RuleForm {
  name: string;
  kind: string;
  threshold: string;
  windowMinutes: string;
  leastCount: string;
  emails: string;
  numbers: string;
  urls: string;
}

type Scope = { serviceId: string | undefined };

/** In the place of the one with the same name. Fields: those of the form. */
export async function saveRule(
  { db, keys }: Keeper,
  actor: Actor,
  { serviceId, form }: Scope & { form: RuleForm },
): Promise<void> {
  const wanted = readRule(form);
  await db.transaction(async (tx) => {
    const rules = await listRules(tx, keys.master, serviceId);
    const before = rules.find(({ name }) => name === wanted.name);
    if (!before && rules.length >= RULES_MAX)
      throw fieldRefusal("name", "rules-many", `There are ${RULES_MAX} rules: remove one first`);
    const rule = { ...wanted, id: before?.id ?? newId(), serviceId };
    await putRule(tx, keys.master, rule);
    const deed = { action: "alert-rule.saved", subject: rule.name, ...(serviceId ? { serviceId } : {}) };
    await recordDeed(tx, actor, { ...deed, ...(before ? { before: shownOf(before) } : {}), after: shownOf(rule) });
  });
}

/** What it has told goes with it. */
export async function removeRule({ db, keys }: Keeper, actor: Actor, { serviceId, name }: Scope & { name: string }) {
  await db.transaction(async (tx) => {
    const rule = (await listRules(tx, keys.master, serviceId)).find((one) => one.name === name);
    if (!rule) throw new Refusal("not-found", "There is no such rule");
    await deleteRule(tx, rule.id);
    const deed = { action: "alert-rule.removed", subject: name, ...(serviceId ? { serviceId } : {}) };
    await recordDeed(tx, actor, { ...deed, before: shownOf(rule) });
  });
}

function shownOf({ kind, threshold, windowMinutes, leastCount, destinations }: Omit<StoredRule, "id" | "secrets">) {
  const told = destinations.emails.length + destinations.numbers.length + destinations.urls.length;
  return { kind, threshold, windowMinutes, leastCount, destinations: told };
}

/** Refuses what is wrong, by field. */
export function readRule(form: RuleForm): Omit<StoredRule, "id" | "serviceId" | "secrets"> {
  const name = form.name.trim();
  const kind = ALERT_KINDS.find((one) => one === form.kind);
  const isSilence = kind === "receipt-silence";
  const lists = { emails: linesOf(form.emails), numbers: linesOf(form.numbers), urls: linesOf(form.urls) };
  refuseProblems([
    ...problem(
      "name",
      name === "" || name.length > NAME_MAX_CHARACTERS,
      `Enter a name of up to ${NAME_MAX_CHARACTERS} characters`,
    ),
    ...problem("kind", kind === undefined, "Choose what it looks at"),
    ...(isSilence ? [] : numberProblems("threshold", form.threshold)),
    ...numberProblems("windowMinutes", form.windowMinutes),
    ...numberProblems("leastCount", form.leastCount),
    ...destinationProblems(lists),
  ]);
  return {
    name,
    kind: kind as AlertKind,
    threshold: isSilence ? 0 : Number(form.threshold.trim()),
    windowMinutes: Number(form.windowMinutes.trim()),
    leastCount: Number(form.leastCount.trim()),
    destinations: lists,
  };
}

function linesOf(text: string): string[] {
  return [
    ...new Set(
      text
        .split(/[\r\n]+/)
        .map((line) => line.trim())
        .filter(Boolean),
    ),
  ];
}

function problem(field: string, isWrong: boolean, message: string): FieldProblem[] {
  return isWrong ? [{ field, problem: `alert-${field}-wrong`, message }] : [];
}

function numberProblems(field: keyof typeof ALERT_LIMITS, typed: string): FieldProblem[] {
  const { min, max } = ALERT_LIMITS[field];
  const number = /^\d{1,7}$/.test(typed.trim()) ? Number(typed.trim()) : Number.NaN;
  return problem(field, !(number >= min && number <= max), `Enter a whole number from ${min} to ${max}`);
}

function destinationProblems({ emails, numbers, urls }: StoredRule["destinations"]): FieldProblem[] {
  const badEmail = emails.find((one) => typeof parseEmailAddress(one) === "string");
  const badNumber = numbers.find((one) => typeof parsePhoneNumber(one) === "string");
  const many = `Enter up to ${DESTINATIONS_MAX}, one a line`;
  return [
    ...problem(
      "emails",
      emails.length + numbers.length + urls.length === 0,
      "Say whom it tells: an email address, a number or a URL",
    ),
    ...problem("emails", badEmail !== undefined, "Enter email addresses in full, one a line"),
    ...problem("emails", emails.length > DESTINATIONS_MAX, many),
    ...problem("numbers", badNumber !== undefined, "Enter phone numbers in full, one a line"),
    ...problem("numbers", numbers.length > DESTINATIONS_MAX, many),
    ...problem(
      "urls",
      urls.some((url) => !isUrl(url)),
      "Enter complete URLs that begin with https://, one a line",
    ),
    ...problem("urls", urls.length > DESTINATIONS_MAX, many),
  ];
}

/** Plain HTTP is for networks the operator has listed; whether this one is, the guard says when something is told. */
function isUrl(text: string): boolean {
  if (text.length > URL_MAX_CHARACTERS || !URL.canParse(text)) return false;
  const { protocol, username, password } = new URL(text);
  return /^https?:$/.test(protocol) && username === "" && password === "";
}
