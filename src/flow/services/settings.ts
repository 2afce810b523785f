/** Settings of a service, changed one at a time; each change is in the audit log with what was before. */
import { senderLocalPart } from "../../core/email/sender-local-part.ts";
import { type FilesContactProblem, parseFilesContact } from "../../core/files/files-contact.ts";
import { Refusal } from "../../core/refusal.ts";
import type { TextMode } from "../../core/sms/text-mode.ts";
import type { Tx } from "../../platform/db.ts";
import type { Channel, LimitKind, Permission, Service } from "../../records/services/service.ts";
import {
  listActiveNumbers,
  lockSettings,
  type PageSettings,
  takeNumberFromPool,
  updateSettings,
} from "../../records/services/service-setting-store.ts";
import { type Actor, recordDeed } from "../actor.ts";
import type { App } from "../app.ts";
import { fieldRefusal } from "../form-refusal.ts";
import { fromAddressOf } from "../intake/sender.ts";
import { seedSpending } from "../money/seed-spending.ts";

export const RETENTION_DAYS = { min: 3, max: 90 } as const;
export const FAILING_PERCENT = { min: 1, max: 100 } as const;
export const BUDGET_AMOUNT = { min: 1, max: 10_000_000 } as const;
const LIMIT_MAX = 100_000_000;
const RATE_LIMIT_MAX = 1_000_000;
const SENDER_NAME_MAX_CHARACTERS = 143;
/** Addresses that people take for someone else's, or expect no answer from (RFC 2142 lists more). */
const GENERIC_LOCAL_PARTS = new Set(["noreply", "no.reply", "donotreply", "do.not.reply", "info", "support", "alert"]);

export type Keeper = Pick<App, "db" | "services">;

export interface Wish<Value> {
  serviceId: string;
  value: Value;
}

/** Each channel on or off. */
export function setChannel(
  app: Keeper,
  actor: Actor,
  { serviceId, value: { channel, isOn } }: Wish<{ channel: Channel; isOn: boolean }>,
): Promise<void> {
  return setPermission(app, actor, { serviceId, value: { permission: channel, isOn } });
}

export function setInternationalTexts(app: Keeper, actor: Actor, { serviceId, value }: Wish<boolean>): Promise<void> {
  return setPermission(app, actor, { serviceId, value: { permission: "international_sms", isOn: value } });
}

export function setInternationalLetters(app: Keeper, actor: Actor, { serviceId, value }: Wish<boolean>): Promise<void> {
  return setPermission(app, actor, { serviceId, value: { permission: "international_letters", isOn: value } });
}

/** The public can write to the service: it gets a number from the pool unless it has one. Answers its numbers. */
export async function startReceivingTexts(
  app: Keeper,
  actor: Actor,
  { serviceId }: { serviceId: string },
): Promise<string[]> {
  const known = await listActiveNumbers(app.db, serviceId);
  await changeSetting({ app, actor }, { serviceId, setting: "receive-texts" }, async (settings, tx) => {
    const number = known.length > 0 ? known[0]?.number : await takeNumberFromPool(tx, serviceId);
    if (number === undefined) throw new Refusal("bad-request", "There is no free number; ask for one");
    return { ...settings, permissions: withPermission(settings, "inbound_sms", true) };
  });
  return (await listActiveNumbers(app.db, serviceId)).map(({ number }) => number);
}

/** The service keeps its number; what is written to it is no longer taken. */
export function stopReceivingTexts(app: Keeper, actor: Actor, { serviceId }: { serviceId: string }): Promise<void> {
  return setPermission(app, actor, { serviceId, value: { permission: "inbound_sms", isOn: false } });
}

/** Whoever writes is answered in somebody's own words, too, not with templates alone. */
export function setFreeTextReplies(app: Keeper, actor: Actor, { serviceId, value }: Wish<boolean>): Promise<void> {
  return setPermission(app, actor, { serviceId, value: { permission: "free_text_replies", isOn: value } });
}

export async function setRetention(
  app: Keeper,
  actor: Actor,
  { serviceId, value: { channel, days } }: Wish<{ channel: Channel; days: number }>,
): Promise<void> {
  const isRight = Number.isInteger(days) && days >= RETENTION_DAYS.min && days <= RETENTION_DAYS.max;
  if (!isRight) {
    const message = `Enter a number of days from ${RETENTION_DAYS.min} to ${RETENTION_DAYS.max}`;
    throw fieldRefusal("days", "retention-wrong", message);
  }
  const field = {
    sms: "retentionDaysSms",
    email: "retentionDaysEmail",
    letter: "retentionDaysLetter",
    chat: "retentionDaysChat",
  } as const;
  await changeSetting({ app, actor }, { serviceId, setting: "retention" }, (settings) => ({
    ...settings,
    [field[channel]]: days,
  }));
}

/** A template of which a larger share fails is shown as failing. */
export async function setFailingPercent(app: Keeper, actor: Actor, { serviceId, value }: Wish<number>): Promise<void> {
  const { min, max } = FAILING_PERCENT;
  if (!(Number.isInteger(value) && value >= min && value <= max))
    throw fieldRefusal("percent", "percent-wrong", `Enter a whole number from ${min} to ${max}`);
  await changeSetting({ app, actor }, { serviceId, setting: "failing-templates" }, (settings) => ({
    ...settings,
    failingPercent: value,
  }));
}

export interface Spending {
  /** In a month, a whole amount; undefined: no budget. */
  monthlyBudget: number | undefined;
  /** Its texts are refused for the rest of a month whose budget is spent. */
  budgetStops: boolean;
  /** In a day, a whole amount, at which its texts are refused; undefined: no limit. */
  dailySpendLimit: number | undefined;
}

/** What the service means to spend on texts, and whether that stops them. Fields: `monthly`, `daily`. */
export async function setSpending(
  app: Keeper & Pick<App, "clock">,
  actor: Actor,
  { serviceId, value }: Wish<Spending>,
): Promise<void> {
  refuseWrongAmount("monthly", value.monthlyBudget);
  refuseWrongAmount("daily", value.dailySpendLimit);
  if (value.budgetStops && value.monthlyBudget === undefined)
    throw fieldRefusal("monthly", "budget-missing", "Enter the budget at which texts stop");
  await changeSetting({ app, actor }, { serviceId, setting: "budget" }, async (settings, tx) => {
    await seedSpending({ tx, clock: app.clock }, serviceId, { before: settings, after: value });
    return { ...settings, ...value };
  });
}

function refuseWrongAmount(field: string, amount: number | undefined): void {
  const { min, max } = BUDGET_AMOUNT;
  if (amount !== undefined && !(Number.isInteger(amount) && amount >= min && amount <= max))
    throw fieldRefusal(field, "budget-wrong", `Enter a whole amount from ${min} to ${max}, or nothing`);
}

export async function setTextPrefix(app: Keeper, actor: Actor, { serviceId, value }: Wish<boolean>): Promise<void> {
  await changeSetting({ app, actor }, { serviceId, setting: "text-prefix" }, (settings) => ({
    ...settings,
    prefixesTexts: value,
  }));
}

/** Whether numbers that are known to roam get no texts. */
export async function setRefusesRoaming(app: Keeper, actor: Actor, { serviceId, value }: Wish<boolean>): Promise<void> {
  await changeSetting({ app, actor }, { serviceId, setting: "roaming-numbers" }, (settings) => ({
    ...settings,
    refusesRoaming: value,
  }));
}

export async function setRequiresCountry(
  app: Keeper,
  actor: Actor,
  { serviceId, value }: Wish<boolean>,
): Promise<void> {
  await changeSetting({ app, actor }, { serviceId, setting: "country-codes" }, (settings) => ({
    ...settings,
    requiresCountry: value,
  }));
}

export async function setTextMode(app: Keeper, actor: Actor, { serviceId, value }: Wish<TextMode>): Promise<void> {
  await changeSetting({ app, actor }, { serviceId, setting: "text-mode" }, (settings) => ({
    ...settings,
    textMode: value,
  }));
}

/** Messages a day. */
export async function setDailyLimit(
  app: Keeper,
  actor: Actor,
  { serviceId, value: { kind, limit } }: Wish<{ kind: LimitKind; limit: number }>,
): Promise<void> {
  refuseWrongLimit(limit, LIMIT_MAX);
  const field = {
    sms: "dailyLimitSms",
    email: "dailyLimitEmail",
    letter: "dailyLimitLetter",
    chat: "dailyLimitChat",
    international_sms: "dailyLimitInternationalSms",
  } as const;
  await changeSetting({ app, actor }, { serviceId, setting: "daily-limit" }, (settings) => ({
    ...settings,
    [field[kind]]: limit,
  }));
}

/** Requests a minute, for each kind of key. */
export async function setRateLimit(app: Keeper, actor: Actor, { serviceId, value }: Wish<number>): Promise<void> {
  refuseWrongLimit(value, RATE_LIMIT_MAX);
  await changeSetting({ app, actor }, { serviceId, setting: "rate-limit" }, (settings) => ({
    ...settings,
    rateLimitPerMinute: value,
  }));
}

/** What emails would come from with this name; empty for the service's own.  "Café & Licences" → cafe.licences@… */
export function previewEmailSender(app: Pick<App, "emailDomain">, service: Service, name: string): string {
  const emailSenderLocalPart = senderLocalPart(name.trim() || service.name);
  return fromAddressOf(app, { ...service, emailSenderLocalPart });
}

/** Emails come from an address made of this name; empty for the service's own. */
export async function setEmailSenderName(app: Keeper, actor: Actor, { serviceId, value }: Wish<string>): Promise<void> {
  const name = value.trim();
  if (name !== "") refuseWrongSenderName(name);
  const emailSenderLocalPart = name === "" ? undefined : senderLocalPart(name);
  await changeSetting({ app, actor }, { serviceId, setting: "email-sender" }, (settings) => ({
    ...settings,
    emailSenderLocalPart,
  }));
}

const FILES_CONTACT_PROBLEMS: Readonly<Record<FilesContactProblem, string>> = {
  "contact-missing": "Enter a web address, an email address or a phone number",
  "contact-too-long": "The web address is too long",
  "contact-email": "Enter an email address in full, like name@example.com",
  "contact-phone": "Enter a phone number with 3 to 20 digits",
  "contact-emergency": "Enter a number that is not for emergencies",
  "contact-link": "Enter a web address in full, beginning with https://",
};

/** Where recipients of the service's files turn; empty for nowhere: the service then sends no files. */
export async function setFilesContact(app: Keeper, actor: Actor, { serviceId, value }: Wish<string>): Promise<void> {
  const contact = value.trim() === "" ? undefined : parseFilesContact(value);
  if (typeof contact === "string") throw fieldRefusal("contact", contact, FILES_CONTACT_PROBLEMS[contact]);
  await changeSetting({ app, actor }, { serviceId, setting: "files-contact" }, (settings) => ({
    ...settings,
    filesContact: contact?.value,
  }));
}

function refuseWrongSenderName(name: string): void {
  const letters = name.match(/[\p{L}\p{N}]/gu) ?? [];
  if (letters.length < 2) throw fieldRefusal("name", "sender-name-too-short", "Enter two letters or numbers or more");
  if (name.length > SENDER_NAME_MAX_CHARACTERS) {
    const message = `The name must be ${SENDER_NAME_MAX_CHARACTERS} characters or fewer`;
    throw fieldRefusal("name", "sender-name-too-long", message);
  }
  if (name.includes("@")) throw fieldRefusal("name", "sender-name-address", "Enter a name, not an email address");
  if (!GENERIC_LOCAL_PARTS.has(senderLocalPart(name))) return;
  throw fieldRefusal("name", "sender-name-generic", "Enter a name that says who the email is from");
}

function refuseWrongLimit(limit: number, max: number): void {
  if (Number.isInteger(limit) && limit >= 0 && limit <= max) return;
  throw fieldRefusal("limit", "limit-wrong", `Enter a whole number from 0 to ${max}`);
}

async function setPermission(
  app: Keeper,
  actor: Actor,
  { serviceId, value }: Wish<{ permission: Permission; isOn: boolean }>,
): Promise<void> {
  await changeSetting({ app, actor }, { serviceId, setting: value.permission }, (settings) => ({
    ...settings,
    permissions: withPermission(settings, value.permission, value.isOn),
  }));
}

function withPermission({ permissions }: PageSettings, permission: Permission, isOn: boolean): Permission[] {
  const others = permissions.filter((one) => one !== permission);
  return isOn ? [...others, permission] : others;
}

/** Nothing is written when nothing changes. */
export async function changeSetting(
  { app, actor }: { app: Keeper; actor: Actor },
  { serviceId, setting }: { serviceId: string; setting: string },
  decide: (settings: PageSettings, tx: Tx) => PageSettings | Promise<PageSettings>,
): Promise<void> {
  await app.db.transaction(async (tx) => {
    const before = await lockSettings(tx, serviceId);
    if (!before) throw new Refusal("not-found", "There is no such service");
    const after = await decide(before, tx);
    const changed = (Object.keys(after) as (keyof PageSettings)[]).filter((key) => !isSame(before[key], after[key]));
    if (changed.length === 0) return;
    await updateSettings(tx, serviceId, after);
    const only = (settings: PageSettings) => Object.fromEntries(changed.map((key) => [key, settings[key] ?? null]));
    const entry = { before: only(before), after: only(after) };
    await recordDeed(tx, actor, { serviceId, action: "service.setting-changed", subject: setting, ...entry });
  });
  app.services.forget(serviceId);
}

function isSame(a: unknown, b: unknown): boolean {
  if (Array.isArray(a) && Array.isArray(b)) return JSON.stringify(a.toSorted()) === JSON.stringify(b.toSorted());
  return a === b;
}
