/** What those who run the platform set up for all senders: protected names, rules of countries, registrations, and shared senders. */
import { listCountries } from "../../core/phone/international-rates.ts";
import { Refusal } from "../../core/refusal.ts";
import { foldSender, type ProtectedName } from "../../core/senders/look-alike.ts";
import { SENDER_TYPES } from "../../core/senders/sender-type.ts";
import { type Tx, violatedUniqueConstraint } from "../../platform/db.ts";
import { newRandomId } from "../../platform/ids.ts";
import {
  deleteCountryRule,
  type KeptCountryRule,
  listCountryRules,
  putCountryRule,
} from "../../records/senders/country-rule-store.ts";
import {
  deleteProtectedName,
  insertProtectedName,
  listProtectedNames,
  PROTECTED_NAMES_MAX,
  updateProtectedName,
} from "../../records/senders/protected-name-store.ts";
import { findPlatformSender, setRegisteredCountries } from "../../records/senders/text-sender-store.ts";
import { type Actor, recordDeed } from "../actor.ts";
import type { App } from "../app.ts";
import { fieldRefusal } from "../form-refusal.ts";
import { checkWords } from "./application-form.ts";

const NAME_MAX_CHARACTERS = 60;
/** Shorter ones would be inside of everything. */
const LONGER_MIN_CHARACTERS = 4;

type Keeper = Pick<App, "db" | "services">;

/** Without an id it is a new one. Field: `name`. */
export async function saveProtectedName(
  { db }: Pick<App, "db">,
  actor: Actor,
  { id, ...form }: Omit<ProtectedName, "id"> & { id?: string | undefined },
): Promise<void> {
  const name = { ...form, name: form.name.trim(), id: id ?? newRandomId() };
  refuseName(name);
  try {
    await db.transaction(async (tx) => {
      const all = await listProtectedNames(tx);
      const before = all.find((one) => one.id === id);
      if (id && !before) throw notThere();
      if (!before && all.length >= PROTECTED_NAMES_MAX)
        throw new Refusal("bad-request", `There can be up to ${PROTECTED_NAMES_MAX} protected names`);
      await (before ? updateProtectedName : insertProtectedName)(tx, name);
      const deed = { action: "protected-name.saved", subject: name.name };
      await recordDeed(tx, actor, { ...deed, before: before && { ...before }, after: { ...name } });
    });
  } catch (error) {
    if (!violatedUniqueConstraint(error)) throw error;
    throw fieldRefusal("name", "name-taken", "This name is protected already");
  }
}

export function refuseName({ name, coversLonger }: Pick<ProtectedName, "name" | "coversLonger">): void {
  const { length } = foldSender(name);
  if (length < 2 || name.length > NAME_MAX_CHARACTERS)
    throw fieldRefusal("name", "name-wrong", `Enter a name of 2 to ${NAME_MAX_CHARACTERS} letters and digits`);
  if (coversLonger && length < LONGER_MIN_CHARACTERS)
    throw fieldRefusal("name", "name-short", `A name inside others must have ${LONGER_MIN_CHARACTERS} letters or more`);
}

export async function removeProtectedName({ db }: Pick<App, "db">, actor: Actor, id: string): Promise<void> {
  await db.transaction(async (tx) => {
    const name = (await listProtectedNames(tx)).find((one) => one.id === id);
    if (!name) throw notThere();
    await deleteProtectedName(tx, id);
    await recordDeed(tx, actor, { action: "protected-name.removed", subject: name.name, before: { ...name } });
  });
}

/** Every service knows it within seconds. Fields: `country`, `senderTypes`, `requirements`. */
export async function saveCountryRule(
  { db }: Pick<App, "db">,
  actor: Actor,
  form: Omit<KeptCountryRule, "senderTypes"> & { senderTypes: readonly string[] },
): Promise<void> {
  refuseUnknownCountries([form.countryPrefix]);
  const senderTypes = SENDER_TYPES.filter((type) => form.senderTypes.includes(type));
  if (senderTypes.length === 0)
    throw fieldRefusal("senderTypes", "types-missing", "Choose at least one type of sender");
  const requirements = checkWords("requirements", form.requirements);
  const rule = { ...form, senderTypes, requirements };
  await db.transaction(async (tx) => {
    const before = await findRule(tx, form.countryPrefix);
    await putCountryRule(tx, rule);
    const deed = { action: "sender-rule.saved", subject: `country ${form.countryPrefix}` };
    await recordDeed(tx, actor, { ...deed, before: before && { ...before }, after: { ...rule } });
  });
}

export async function removeCountryRule({ db }: Pick<App, "db">, actor: Actor, countryPrefix: string): Promise<void> {
  await db.transaction(async (tx) => {
    const before = await findRule(tx, countryPrefix);
    if (!before) throw notThere();
    await deleteCountryRule(tx, countryPrefix);
    const deed = { action: "sender-rule.removed", subject: `country ${countryPrefix}` };
    await recordDeed(tx, actor, { ...deed, before: { ...before } });
  });
}

async function findRule(tx: Tx, countryPrefix: string): Promise<KeptCountryRule | undefined> {
  return (await listCountryRules(tx)).find((one) => one.countryPrefix === countryPrefix);
}

/** In which countries' lists the sender of a service is. Field: `countries`. */
export async function registerSender(
  app: Keeper,
  actor: Actor,
  { id, countries }: { id: string; countries: readonly string[] },
): Promise<void> {
  refuseUnknownCountries(countries);
  const serviceId = await app.db.transaction((tx) => setRegistrations({ tx, actor }, id, () => countries));
  app.services.forget(serviceId);
}

/** Answers with the service, which is to be forgotten once this is committed. */
export async function setRegistrations(
  { tx, actor }: { tx: Tx; actor: Actor },
  id: string,
  change: (before: readonly string[]) => readonly string[],
): Promise<string> {
  const sender = await findPlatformSender(tx, id);
  if (!sender || sender.isShared) throw notThere();
  const { serviceId, sender: subject, registeredCountries } = sender;
  const after = [...new Set(change(registeredCountries))].toSorted();
  await setRegisteredCountries(tx, id, after);
  const entry = { before: { countries: registeredCountries }, after: { countries: after } };
  await recordDeed(tx, actor, { serviceId, action: "text-sender.registered", subject, ...entry });
  return serviceId;
}

export function refuseUnknownCountries(countries: readonly string[]): void {
  const known = new Set(listCountries().map(({ prefix }) => prefix));
  const wrong = countries.find((country) => !known.has(country));
  if (wrong === undefined) return;
  throw fieldRefusal("countries", "country-unknown", `“${wrong.slice(0, 20)}” is not a country’s calling code`);
}

function notThere(): Refusal {
  return new Refusal("not-found", "It is not there, or has been removed");
}
