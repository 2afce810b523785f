/**
 * Whom networks are asked through, as those who run the installation fill it in: a preset or a description, and what the supplier wants to know.
 * What has no usual value is a credential: it is kept sealed and never shown again, and left as it is where nothing is typed.
 */
import { Refusal } from "../../core/refusal.ts";
import type { Tx } from "../../platform/db.ts";
import { newId } from "../../platform/ids.ts";
import type { LookupKinds } from "../../providers/provider.ts";
import {
  deleteLookupSupplier,
  type LookupSupplierRecord,
  listLookupSuppliers,
  putLookupSupplier,
} from "../../records/number-lookups/lookup-supplier-store.ts";
import { type Actor, recordDeed } from "../actor.ts";
import type { App } from "../app.ts";
import { type FieldProblem, fieldRefusal, refuseProblems } from "../form-refusal.ts";

const SUPPLIERS_MAX = 20;
const VALUES_MAX = 20;
const VALUE_MAX_CHARACTERS = 2_048;
const DESCRIPTION_MAX_CHARACTERS = 20_000;
const NAME = /^[a-z0-9][a-z0-9-]{0,62}$/;
/** In place of a preset. */
export const OWN_DESCRIPTION = "own";

/** As filled in. */
export interface LookupSupplierForm {
  name: string;
  /** One of the presets, or `OWN_DESCRIPTION`. */
  preset: string;
  /** JSON, where it has one of its own. */
  description: string;
  /** By the supplier's own names. */
  values: Readonly<Record<string, string>>;
}

type Keeper = Pick<App, "db" | "keys" | "lookupKinds">;

/** What may be shown of it. */
export async function readLookupSupplier({ db, keys }: Keeper, id: string): Promise<LookupSupplierForm> {
  const { name, settings } = own((await listLookupSuppliers(db, keys.master)).find((one) => one.id === id));
  const { preset, supplier, timeoutMs: _, ...values } = settings;
  return {
    name,
    preset: typeof preset === "string" ? preset : OWN_DESCRIPTION,
    description: supplier === undefined ? "" : JSON.stringify(supplier, undefined, 2),
    values: values as Record<string, string>,
  };
}

/** What the sandbox answers is its own to say. */
function own(record: LookupSupplierRecord | undefined): LookupSupplierRecord {
  if (!record || record.isSandbox) throw new Refusal("not-found", "There is no such supplier");
  return record;
}

/** A new one, or in the place of the one with that id. Fields: those of the form, and `values`. */
export async function saveLookupSupplier(
  { db, keys, lookupKinds }: Keeper,
  actor: Actor,
  { id, form }: { id: string | undefined; form: LookupSupplierForm },
): Promise<void> {
  await db.transaction(async (tx) => {
    const all = await listLookupSuppliers(tx, keys.master);
    const before = id === undefined ? undefined : own(all.find((one) => one.id === id));
    const others = all.filter((one) => one.id !== before?.id);
    if (others.length >= SUPPLIERS_MAX) throw wrong("name", `There are ${SUPPLIERS_MAX} suppliers: remove one first`);
    const record = readForm(lookupKinds, { form, before });
    if (others.some(({ name }) => name === record.name)) throw wrong("name", "There is a supplier of that name");
    await putLookupSupplier(tx, keys.master, record);
    const deed = { action: `lookup-supplier.${before ? "updated" : "created"}`, subject: record.name };
    await recordDeed(tx, actor, { ...deed, ...(before ? { before: shownOf(before) } : {}), after: shownOf(record) });
  });
}

export async function removeLookupSupplier({ db, keys }: Keeper, actor: Actor, id: string): Promise<void> {
  await db.transaction(async (tx: Tx) => {
    const record = own((await listLookupSuppliers(tx, keys.master)).find((one) => one.id === id));
    await deleteLookupSupplier(tx, id);
    await recordDeed(tx, actor, {
      ...{ action: "lookup-supplier.removed", subject: record.name, before: shownOf(record) },
    });
  });
}

function shownOf({ name, settings, secrets }: LookupSupplierRecord) {
  const { preset, supplier } = settings;
  return { name, preset: preset ?? (supplier ? OWN_DESCRIPTION : null), secrets: Object.keys(secrets) };
}

interface Filled {
  form: LookupSupplierForm;
  before: LookupSupplierRecord | undefined;
}

function readForm(kinds: LookupKinds, { form, before }: Filled): LookupSupplierRecord {
  const name = form.name.trim();
  const isKnown = form.preset === OWN_DESCRIPTION || kinds.presets.some((preset) => preset.name === form.preset);
  const values = Object.entries(form.values).filter(([, value]) => value !== "");
  refuseProblems([
    ...problem("name", !NAME.test(name), "Use up to 63 small letters, digits and hyphens"),
    ...problem("preset", !isKnown, "Choose a supplier"),
    ...problem(
      "values",
      isTooMuch(values),
      `Enter up to ${VALUES_MAX} lines of up to ${VALUE_MAX_CHARACTERS} characters`,
    ),
  ]);
  const kept = before?.settings["preset"] === form.preset || isOwn(before, form) ? before : undefined;
  const record = { ...partsOf(kinds, { form, values, kept }), id: before?.id ?? newId(), name };
  const found = kinds.problemOf(record);
  if (found !== undefined) throw wrong(form.preset === OWN_DESCRIPTION ? "description" : "preset", `It says: ${found}`);
  return { ...record, isActive: before?.isActive ?? true, isSandbox: false };
}

function isOwn(before: LookupSupplierRecord | undefined, { preset }: LookupSupplierForm): boolean {
  return before?.settings["supplier"] !== undefined && preset === OWN_DESCRIPTION;
}

function isTooMuch(values: readonly (readonly [string, string])[]): boolean {
  return values.length > VALUES_MAX || values.some(([, value]) => value.length > VALUE_MAX_CHARACTERS);
}

interface Parts {
  form: LookupSupplierForm;
  values: readonly (readonly [string, string])[];
  /** What was typed before stays where nothing is typed. */
  kept: LookupSupplierRecord | undefined;
}

function partsOf({ presets }: LookupKinds, { form, values, kept }: Parts) {
  const preset = presets.find(({ name }) => name === form.preset);
  const isShown = (name: string) => preset?.settings.some((one) => one.name === name && one.usual !== undefined);
  const shown = values.filter(([name]) => isShown(name));
  const secrets = { ...kept?.secrets, ...Object.fromEntries(values.filter(([name]) => !isShown(name))) };
  const { timeoutMs } = kept?.settings ?? {};
  const kind = preset ? { preset: preset.name } : { supplier: readDescription(form.description) };
  const settings = { ...kind, ...(timeoutMs === undefined ? {} : { timeoutMs }), ...Object.fromEntries(shown) };
  return { settings, secrets };
}

function readDescription(text: string): unknown {
  if (text.length > DESCRIPTION_MAX_CHARACTERS)
    throw wrong("description", `Use ${DESCRIPTION_MAX_CHARACTERS} characters or fewer`);
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw wrong("description", "Enter a description in JSON");
  }
}

function problem(field: string, isWrong: boolean, message: string): FieldProblem[] {
  return isWrong ? [{ field, problem: "lookup-supplier-wrong", message }] : [];
}

function wrong(field: string, message: string): Refusal {
  return fieldRefusal(field, "lookup-supplier-wrong", message);
}
