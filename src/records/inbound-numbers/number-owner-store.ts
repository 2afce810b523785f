/** Whose number the public has written to. */
import type { Db } from "../../platform/db.ts";

/** The active one of these numbers and its service. */
export async function findNumberOwner(
  db: Db,
  numbers: readonly string[],
): Promise<{ number: string; serviceId: string } | undefined> {
  const [owner] = await db.query<{ number: string; serviceId: string }>`
    select i.number, i.service_id from inbound_numbers i where i.number = any(${numbers}::text[]) and i.is_active and i.service_id is not null limit 1`;
  return owner;
}
