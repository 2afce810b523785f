/** The service that sends the codes and links of Pennypost itself: one for the installation, in no list. */
import type { Db, Tx } from "../../platform/db.ts";

const LOCK_NAME = "pennypost system service";

/** Held to the end of the transaction: several processes at once make one service. */
export async function lockSystemService(tx: Tx): Promise<void> {
  await tx.query`select pg_advisory_xact_lock(hashtext(${LOCK_NAME}))`;
}

export async function findSystemServiceId(db: Db): Promise<string | undefined> {
  const [row] = await db.query<{ id: string }>`select s.id from services s where s.is_internal`;
  return row?.id;
}

export async function markAsInternal(tx: Tx, serviceId: string): Promise<void> {
  await tx.query`update services set is_internal = true where id = ${serviceId}`;
}

/** Its organisation may bear a name that somebody else's has as well. */
export async function insertInternalOrganisation(tx: Tx, organisation: { id: string; name: string }): Promise<void> {
  await tx.query`
    insert into organisations (id, name, is_internal) values (${organisation.id}, ${organisation.name}, true)`;
}
