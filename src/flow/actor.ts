/** Who does something and from where, and the entry about it in the audit log. */
import type { Tx } from "../platform/db.ts";
import { insertAuditEntries, type NewAuditEntry } from "../records/audit/audit-store.ts";

export interface Actor {
  userId: string;
  /** The address the request came from. */
  ip: string | undefined;
}

export type Deed = Omit<NewAuditEntry, "actor">;

/** Writes what was done into the audit log, in the transaction that does it. */
export async function recordDeed(tx: Tx, actor: Actor, deed: Deed): Promise<void> {
  const entry = { ...deed, actor: actor.userId, ip: actor.ip };
  await insertAuditEntries(tx, [entry]);
}
