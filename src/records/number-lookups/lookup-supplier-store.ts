/** Suppliers that ask networks about numbers, as configured. */
import type { Db, Tx } from "../../platform/db.ts";
import { type MasterKey, open, seal } from "../../platform/sealing.ts";
import { platformKey } from "../providers/provider-store.ts";

export interface LookupSupplierRecord {
  id: string;
  name: string;
  /** A preset, or a description; and the supplier's own settings. */
  settings: Record<string, unknown>;
  secrets: Record<string, string>;
  isActive: boolean;
  /** Asked only where no other is switched on. */
  isSandbox: boolean;
}

const sealedSecretsOf = (id: string): string => `lookup_suppliers:${id}`;

/** By name, the sandbox last: the first that is switched on is asked. */
export async function listLookupSuppliers(db: Db, master: MasterKey): Promise<LookupSupplierRecord[]> {
  const rows = await db.query<Omit<LookupSupplierRecord, "secrets"> & { sealedSecrets: Buffer }>`
    select s.id, s.name, s.settings, s.sealed_secrets, s.is_active, s.is_sandbox
    from lookup_suppliers s order by s.is_sandbox, s.name`;
  const key = platformKey(master);
  return rows.map(({ sealedSecrets, ...row }) => {
    const secrets = open({ key, belongsTo: sealedSecretsOf(row.id) }, sealedSecrets);
    return { ...row, secrets: JSON.parse(secrets.toString()) as Record<string, string> };
  });
}

export async function putLookupSupplier(tx: Tx, master: MasterKey, record: LookupSupplierRecord): Promise<void> {
  const { id, name, settings, secrets, isActive, isSandbox } = record;
  const sealed = seal({ key: platformKey(master), belongsTo: sealedSecretsOf(id) }, JSON.stringify(secrets));
  await tx.query`
    insert into lookup_suppliers (id, name, settings, sealed_secrets, is_active, is_sandbox)
    values (${id}, ${name}, ${JSON.stringify(settings)}::jsonb, ${sealed}, ${isActive}, ${isSandbox})
    on conflict (id) do update set name = excluded.name, settings = excluded.settings,
      sealed_secrets = excluded.sealed_secrets, is_active = excluded.is_active, is_sandbox = excluded.is_sandbox`;
}

export async function deleteLookupSupplier(tx: Tx, id: string): Promise<void> {
  await tx.query`delete from lookup_suppliers where id = ${id}`;
}
