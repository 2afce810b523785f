/** Rules for what messages may say as people write them, for a service or for the installation: checked, kept, and noted in the log. */
import { channels } from "../../core/channels/channels.ts";
import {
  LOOKED_FOR,
  type LookedFor,
  needsEntries,
  RULE_ACTIONS,
  RULE_LIMITS,
  RULED_CHANNELS,
  type RuleAction,
  takesEntries,
} from "../../core/content-rules/content-rule.ts";
import { parseDomain } from "../../core/content-rules/find-links.ts";
import { foldWords } from "../../core/content-rules/fold-words.ts";
import { listCountries } from "../../core/phone/international-rates.ts";
import { Refusal } from "../../core/refusal.ts";
import { newId } from "../../platform/ids.ts";
import {
  deleteContentRule,
  listContentRules,
  putContentRule,
  type StoredContentRule,
} from "../../records/content-rules/content-rule-store.ts";
import { type Actor, recordDeed } from "../actor.ts";
import type { App } from "../app.ts";
import { type FieldProblem, fieldRefusal, refuseProblems } from "../form-refusal.ts";

/** As filled in: entries one a line, countries by their calling codes. */
export interface ContentRuleForm {
  name: string;
  looksFor: string;
  action: string;
  entries: string;
  channels: readonly string[];
  countries: readonly string[];
}

type Keeper = Pick<App, "db" | "services">;
type Scope = { serviceId: string | undefined };

/** In the place of the one with the same name. Fields: those of the form. */
export async function saveContentRule(
  { db, services }: Keeper,
  actor: Actor,
  { serviceId, form }: Scope & { form: ContentRuleForm },
): Promise<void> {
  const wanted = readContentRule(form);
  await db.transaction(async (tx) => {
    const rules = await listContentRules(tx, serviceId);
    const before = rules.find(({ name }) => name === wanted.name);
    if (!before && rules.length >= RULE_LIMITS.rules)
      throw fieldRefusal("name", "rules-many", `There are ${RULE_LIMITS.rules} rules: remove one first`);
    const rule = { ...wanted, id: before?.id ?? newId(), serviceId };
    await putContentRule(tx, rule);
    const deed = { action: "content-rule.saved", subject: rule.name, ...(serviceId ? { serviceId } : {}) };
    await recordDeed(tx, actor, { ...deed, ...(before ? { before: shownOf(before) } : {}), after: shownOf(rule) });
  });
  if (serviceId) services.forget(serviceId);
}

export async function removeContentRule(
  { db, services }: Keeper,
  actor: Actor,
  { serviceId, name }: Scope & { name: string },
): Promise<void> {
  await db.transaction(async (tx) => {
    const rule = (await listContentRules(tx, serviceId)).find((one) => one.name === name);
    if (!rule) throw new Refusal("not-found", "There is no such rule");
    await deleteContentRule(tx, rule.id);
    const deed = { action: "content-rule.removed", subject: rule.name, ...(serviceId ? { serviceId } : {}) };
    await recordDeed(tx, actor, { ...deed, before: shownOf(rule) });
  });
  if (serviceId) services.forget(serviceId);
}

/** Lists as people read them. */
function shownOf({ looksFor, action, entries, channels: named, countryPrefixes }: StoredContentRule) {
  return {
    looksFor,
    action,
    entries: entries.join(", "),
    channels: named.join(", "),
    countries: countryPrefixes.join(", "),
  };
}

/** Refuses a form that is no rule. */
export function readContentRule(form: ContentRuleForm): Omit<StoredContentRule, "id" | "serviceId"> {
  const name = form.name.trim();
  const looksFor = LOOKED_FOR.find((one) => one === form.looksFor);
  const action = RULE_ACTIONS.find((one) => one === form.action);
  const named = RULED_CHANNELS.filter((one) => form.channels.includes(one));
  const countryPrefixes = [...new Set(form.countries)];
  const lines = linesOf(form.entries);
  refuseProblems([
    ...problem("name", !isName(name), `Enter a name of up to ${RULE_LIMITS.nameCharacters} characters`),
    ...problem("looksFor", looksFor === undefined, "Choose what it looks for"),
    ...(looksFor === undefined ? [] : entryProblems(looksFor, lines)),
    ...problem("action", action === undefined, "Choose what becomes of a message that breaks it"),
    ...problem("channels", named.length === 0, "Choose where it holds"),
    ...problem("countries", !countryPrefixes.every(isCountry), "Enter calling codes of countries, such as 33"),
    ...problem(
      "countries",
      countryPrefixes.length > 0 && !named.includes("sms"),
      `Countries are of ${channels.sms.plural}: choose these, too, or name no country`,
    ),
  ]);
  const kind = looksFor as LookedFor;
  const entries = entriesOf(kind, lines);
  return { name, looksFor: kind, action: action as RuleAction, entries, channels: named, countryPrefixes };
}

function isName(name: string): boolean {
  return name !== "" && name.length <= RULE_LIMITS.nameCharacters;
}

function isCountry(wanted: string): boolean {
  return listCountries().some(({ prefix }) => prefix === wanted);
}

function linesOf(text: string): string[] {
  const lines = text.split(/[\r\n]+/).map((line) => line.trim());
  return [...new Set(lines.filter(Boolean))];
}

/** What is typed beside a rule that asks for nothing is left out. */
function entriesOf(looksFor: LookedFor, lines: readonly string[]): string[] {
  if (!takesEntries(looksFor)) return [];
  return looksFor === "words" ? [...lines] : [...new Set(lines.map((line) => parseDomain(line) ?? ""))];
}

function entryProblems(looksFor: LookedFor, lines: readonly string[]): FieldProblem[] {
  if (!takesEntries(looksFor)) return [];
  const { entries, entryCharacters } = RULE_LIMITS;
  const isWords = looksFor === "words";
  const isWrong = (line: string) => (isWords ? foldWords(line).length === 0 : parseDomain(line) === undefined);
  const one = isWords ? "Enter a word or a phrase" : "Enter a domain, such as example.org";
  return [
    ...problem("entries", needsEntries(looksFor) && lines.length === 0, one),
    ...problem("entries", lines.length > entries, `Enter up to ${entries}, one a line`),
    ...problem(
      "entries",
      lines.some((line) => line.length > entryCharacters),
      `Each can have ${entryCharacters} characters`,
    ),
    ...problem(
      "entries",
      lines.some(isWrong),
      isWords ? "Enter words with letters or numbers, one a line" : `${one}, one a line`,
    ),
  ];
}

function problem(field: string, isWrong: boolean, message: string): FieldProblem[] {
  return isWrong ? [{ field, problem: `content-rule-${field}-wrong`, message }] : [];
}
