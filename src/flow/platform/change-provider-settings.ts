/**
 * What platform administrators set of a provider's health, its canaries and its prices: the same as in a file, with the same checks. Workers
 * notice within seconds; what is left empty is as usual.
 */
import { Refusal } from "../../core/refusal.ts";
import { type HealthRules, USUAL_HEALTH_RULES } from "../../core/routing/health-rules.ts";
import type { Db } from "../../platform/db.ts";
import type { MasterKey } from "../../platform/sealing.ts";
import { findHealthProblem } from "../../records/providers/health-settings.ts";
import { type Charges, listCharges, replaceCharges } from "../../records/providers/price-store.ts";
import { lockProvider } from "../../records/providers/provider-health-store.ts";
import { listProviders, type ProviderRecord } from "../../records/providers/provider-store.ts";
import { updateProvider } from "../../records/providers/provider-write-store.ts";
import { type Actor, recordDeed } from "../actor.ts";
import type { App } from "../app.ts";
import { type FieldProblem, fieldRefusal, refuseProblems } from "../form-refusal.ts";
import { readCharges } from "./provider-charges.ts";

export const HEALTH_FIELDS = Object.keys(USUAL_HEALTH_RULES) as (keyof HealthRules)[];
/** They are kept as shares, and people write percent. */
const PERCENT_FIELDS: readonly (keyof HealthRules)[] = ["errorShare", "slowShare", "failureShare"];
export const CANARY_FIELDS = ["everySeconds", "withinSeconds"] as const;
export const PROVIDER_SETTING_FIELDS = [
  ...HEALTH_FIELDS,
  "canaryNumbers",
  ...CANARY_FIELDS,
  "sender",
  "currency",
  "prices",
] as const;
const SENDER_MAX_CHARACTERS = 15;

/** As filled in. */
export type ProviderSettingsForm = Record<(typeof PROVIDER_SETTING_FIELDS)[number], string>;

/** What is kept of it. */
interface OwnSettings {
  health: Readonly<Record<string, number>>;
  canary: Readonly<Record<string, number | string>>;
  canaryNumbers: string;
  charges: Charges;
}

export async function readProviderSettings(
  { db, keys }: Pick<App, "db" | "keys">,
  providerId: string,
): Promise<{ name: string; channel: string; form: ProviderSettingsForm }> {
  const { record, charges } = await getOwn(db, keys.master, providerId);
  return { name: record.name, channel: record.channel, form: filledIn(ownOf(record, charges)) };
}

/** Fields: those of the form. */
export async function saveProviderSettings(
  { db, keys }: Pick<App, "db" | "keys">,
  actor: Actor,
  { providerId, form }: { providerId: string; form: ProviderSettingsForm },
): Promise<void> {
  const wanted = readForm(form);
  await db.transaction(async (tx) => {
    await lockProvider(tx, providerId);
    const { record, charges } = await getOwn(tx, keys.master, providerId);
    const changed = withOwn(record, wanted);
    refuseWrong(changed);
    await updateProvider(tx, keys.master, changed);
    await replaceCharges(tx, providerId, wanted.charges);
    const deed = { action: "provider.set", subject: `provider ${record.name}` };
    await recordDeed(tx, actor, { ...deed, before: saidOf(ownOf(record, charges)), after: saidOf(wanted) });
  });
}

async function getOwn(db: Db, master: MasterKey, providerId: string) {
  const record = (await listProviders(db, master)).find(({ id }) => id === providerId);
  if (!record) throw new Refusal("not-found", "There is no such provider");
  return { record, charges: (await listCharges(db)).of(record.name) };
}

function ownOf({ settings, secrets }: ProviderRecord, charges: Charges): OwnSettings {
  const named = (name: string) => (settings[name] ?? {}) as Record<string, never>;
  return { health: named("health"), canary: named("canary"), canaryNumbers: secrets["canaryNumbers"] ?? "", charges };
}

/** The numbers are nobody's business who reads the log. */
function saidOf({ health, canary, canaryNumbers, charges: { currency = "", prices } }: OwnSettings) {
  return { health, canary, canaryNumbers: linesOf(canaryNumbers).length, currency, prices };
}

function filledIn({ health, canary, canaryNumbers, charges }: OwnSettings): ProviderSettingsForm {
  const text = (value: string | number | undefined): string => (value === undefined ? "" : String(value));
  const ofHealth = HEALTH_FIELDS.map((field) => {
    const value = health[field];
    return [field, text(value !== undefined && PERCENT_FIELDS.includes(field) ? rounded(value * 100) : value)];
  });
  const ofCanary = [...CANARY_FIELDS, "sender"].map((field) => [field, text(canary[field])]);
  return Object.fromEntries([
    ...[...ofHealth, ...ofCanary],
    ["canaryNumbers", linesOf(canaryNumbers).join("\n")],
    ["currency", charges.currency ?? ""],
    [
      "prices",
      Object.entries(charges.prices)
        .map((one) => one.join(" "))
        .join("\n"),
    ],
  ]) as ProviderSettingsForm;
}

/** 0.07 * 100 is not quite 7. */
function rounded(number: number): number {
  return Math.round(number * 1_000_000) / 1_000_000;
}

function readForm(form: ProviderSettingsForm): OwnSettings {
  const problems: FieldProblem[] = [];
  const numbersIn = (fields: readonly (keyof ProviderSettingsForm)[]) =>
    Object.fromEntries(
      fields.flatMap((field) => {
        const typed = form[field].trim().replaceAll(",", "");
        if (typed === "") return [];
        const isPercent = PERCENT_FIELDS.some((one) => one === field);
        const number = /^\d{1,8}(\.\d{1,4})?$/.test(typed) ? Number(typed) : Number.NaN;
        const isWhole = isPercent || Number.isInteger(number);
        if (Number.isNaN(number) || !isWhole) problems.push(wrong(field, "Enter a number, or nothing"));
        return [[field, isPercent ? rounded(number / 100) : number]];
      }),
    );
  const health = numbersIn(HEALTH_FIELDS);
  const sender = form.sender.trim();
  if (sender.length > SENDER_MAX_CHARACTERS)
    problems.push(wrong("sender", `Use ${SENDER_MAX_CHARACTERS} characters or fewer`));
  const canary = { ...numbersIn(CANARY_FIELDS), ...(sender === "" ? {} : { sender }) };
  const charges = readCharges(form);
  problems.push(...charges.problems);
  refuseProblems(problems);
  return { health, canary, canaryNumbers: linesOf(form.canaryNumbers).join(", "), charges };
}

function linesOf(text: string): string[] {
  return text
    .split(/[\r\n,]+/)
    .map((line) => line.trim())
    .filter(Boolean);
}

function withOwn(record: ProviderRecord, { health, canary, canaryNumbers }: OwnSettings): ProviderRecord {
  const { health: _health, canary: _canary, ...settings } = record.settings;
  const { canaryNumbers: _numbers, ...secrets } = record.secrets;
  return {
    ...record,
    settings: {
      ...settings,
      ...(Object.keys(health).length === 0 ? {} : { health }),
      ...(Object.keys(canary).length === 0 ? {} : { canary }),
    },
    secrets: { ...secrets, ...(canaryNumbers === "" ? {} : { canaryNumbers }) },
  };
}

/** By the rules of a file, beside the field that they are about. */
function refuseWrong(record: ProviderRecord): void {
  const problem = findHealthProblem(record);
  if (!problem) return;
  const field = problem.path.at(-1) ?? "";
  const isPercent = PERCENT_FIELDS.some((one) => one === field);
  const message = isPercent ? "Enter a percentage from 1 to 100, or nothing" : `It ${problem.message}`;
  throw fieldRefusal(field, "provider-setting-wrong", message);
}

function wrong(field: string, message: string): FieldProblem {
  return { field, problem: "provider-setting-wrong", message };
}
