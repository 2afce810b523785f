/** Notifications that a person sent, not a system: they have no key, and say who it was. Neither column is in an index. */
import type { Tx } from "../../platform/db.ts";

export async function nameSender(tx: Tx, id: string, name: string): Promise<void> {
  await tx.query`update notifications n set created_by_name = ${name}, api_key_id = null where n.id = ${id}`;
}
