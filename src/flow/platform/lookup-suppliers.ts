/** Whom networks are asked through, for those who run the installation. How to ask them is filled in elsewhere, or declared in a file. */
import { Refusal } from "../../core/refusal.ts";
import { listLookupSuppliers, putLookupSupplier } from "../../records/number-lookups/lookup-supplier-store.ts";
import { countAsked } from "../../records/number-lookups/network-lookup-store.ts";
import { type Actor, recordDeed } from "../actor.ts";
import type { App } from "../app.ts";

export interface ShownLookupSupplier {
  id: string;
  name: string;
  /** The preset it is of; undefined where it has a description of its own. */
  preset: string | undefined;
  isActive: boolean;
  isSandbox: boolean;
  /** Of those that are switched on the first is asked. */
  isAsked: boolean;
}

export async function readLookupSuppliers({
  db,
  keys,
  clock,
}: Pick<App, "db" | "keys" | "clock">): Promise<{ suppliers: ShownLookupSupplier[]; askedToday: number }> {
  const [records, askedToday] = await Promise.all([
    listLookupSuppliers(db, keys.master),
    countAsked(db, clock.now().toISOString().slice(0, 10)),
  ]);
  const first = records.find(({ isActive }) => isActive);
  const suppliers = records.map(({ id, name, settings, isActive, isSandbox }) => {
    const { preset } = settings;
    const isAsked = id === first?.id;
    return { id, name, isActive, isSandbox, isAsked, preset: typeof preset === "string" ? preset : undefined };
  });
  return { suppliers, askedToday };
}

export async function switchLookupSupplier(
  { db, keys }: Pick<App, "db" | "keys">,
  actor: Actor,
  { id, isOn }: { id: string; isOn: boolean },
): Promise<void> {
  await db.transaction(async (tx) => {
    const record = (await listLookupSuppliers(tx, keys.master)).find((one) => one.id === id);
    if (!record) throw new Refusal("not-found", "There is no such supplier");
    if (record.isActive === isOn) return;
    await putLookupSupplier(tx, keys.master, { ...record, isActive: isOn });
    const deed = { action: "lookup-supplier.updated", subject: record.name };
    await recordDeed(tx, actor, { ...deed, before: { isActive: record.isActive }, after: { isActive: isOn } });
  });
}
