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

export interface ReceivingNumber {
  number: string;
  serviceName: string;
}

const NUMBERS_MAX = 200;

/** Every number that somebody can write to, with the service that reads it. */
export function listReceivingNumbers(db: Db): Promise<ReceivingNumber[]> {
  return db.query<ReceivingNumber>`
    select i.number, s.name as service_name
    from inbound_numbers i join services s on s.id = i.service_id
    where i.is_active and s.archived_at is null order by lower(s.name), i.number limit ${NUMBERS_MAX}`;
}
