/** Whom to ask about numbers. The sandbox is never removed by a file. Whether a description makes sense is for whoever asks with it to say. */
import { newId } from "../../platform/ids.ts";
import {
  deleteLookupSupplier,
  type LookupSupplierRecord,
  listLookupSuppliers,
  putLookupSupplier,
} from "../../records/number-lookups/lookup-supplier-store.ts";
import type { DeclaredLookupSupplier } from "./declaration.ts";
import { refuseAt } from "./read.ts";
import { keptSecret, type Noun, reconcile, said, secretWord } from "./reconcile.ts";
import type { Run } from "./run.ts";

export async function applyLookupSuppliers(
  run: Run,
  wanted: readonly DeclaredLookupSupplier[] | undefined,
): Promise<void> {
  if (!wanted) return;
  const isManaged = ({ name, isSandbox }: LookupSupplierRecord) =>
    !isSandbox || wanted.some((one) => one.name === name);
  const current = (await listLookupSuppliers(run.tx, run.keys.master)).filter(isManaged);
  for (const supplier of wanted) refuseWrong(supplier);
  await reconcile(run, noun(run), { wanted, current });
}

function refuseWrong({ settings, at }: DeclaredLookupSupplier): void {
  const { preset, supplier, timeoutMs, ...own } = settings;
  const place = { path: [...at.path, "settings"], source: at.source };
  if ((preset === undefined) === (supplier === undefined)) refuseAt(place, "must have a preset or a supplier");
  if (supplier !== undefined && (typeof supplier !== "object" || supplier === null))
    refuseAt(place, "must have a supplier that is a description");
  if (timeoutMs !== undefined && !(Number.isInteger(timeoutMs) && Number(timeoutMs) > 0))
    refuseAt(place, "must have a timeoutMs that is a whole number of milliseconds");
  const wrong = Object.entries({ preset: preset ?? "", ...own }).find(([, value]) => typeof value !== "string");
  if (wrong) refuseAt(place, `must have a ${wrong[0]} that is a text`);
}

function noun({ tx, keys }: Run): Noun<DeclaredLookupSupplier, LookupSupplierRecord> {
  return {
    kind: "lookup supplier",
    nameOf: ({ name }) => name,
    idOf: ({ id }) => id,
    placeOf: ({ at }) => at,
    fieldsOf: ({ name, settings, isActive, isSandbox, secrets }) => ({
      ...{ name, settings, isActive, isSandbox },
      secrets: Object.fromEntries(Object.keys(secrets).map((secret) => [secret, keptSecret])),
    }),
    wishesOf: (declared, current) => ({ ...columnsOf(declared), secrets: secretWords(declared, current) }),
    insert: ({ id = newId(), name, settings, secrets = {}, active = true, sandbox = false }) =>
      putLookupSupplier(tx, keys.master, { id, name, settings, secrets, isActive: active, isSandbox: sandbox }),
    update: (current, declared) =>
      putLookupSupplier(tx, keys.master, {
        ...{ ...current, ...columnsOf(declared) },
        secrets: { ...current.secrets, ...declared.secrets },
      }),
    remove: ({ id }) => deleteLookupSupplier(tx, id),
  };
}

function columnsOf({ name, settings, active, sandbox }: DeclaredLookupSupplier): Partial<LookupSupplierRecord> {
  return said({ name, settings, isActive: active, isSandbox: sandbox });
}

function secretWords({ secrets }: DeclaredLookupSupplier, current: LookupSupplierRecord | undefined): unknown {
  if (!secrets) return undefined;
  const given = Object.entries(secrets).map(([name, value]) => [name, secretWord(value, current?.secrets[name])]);
  const kept = Object.keys(current?.secrets ?? {}).map((name) => [name, keptSecret]);
  return Object.fromEntries([...kept, ...given]);
}
