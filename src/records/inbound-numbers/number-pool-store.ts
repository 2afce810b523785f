/** All numbers that the public can write to, as those who run the platform look after them. */
import type { Db, Tx } from "../../platform/db.ts";

const LISTED_MAX = 1_000;

export interface PooledNumber {
  number: string;
  isActive: boolean;
  /** Undefined while it is free. */
  serviceId: string | undefined;
  serviceName: string | undefined;
}

/** Free ones first. */
export function listPool(db: Db): Promise<PooledNumber[]> {
  return db.query<PooledNumber>`
    select i.number, i.is_active, i.service_id, s.name as service_name
    from inbound_numbers i left join services s on s.id = i.service_id
    order by i.service_id is not null, lower(s.name), i.number limit ${LISTED_MAX}`;
}

/** Those of them that were not known. */
export async function addToPool(tx: Tx, numbers: readonly string[]): Promise<string[]> {
  const added = await tx.query<{ number: string }>`
    insert into inbound_numbers (number) select n from unnest(${numbers}::text[]) as n
    on conflict (number) do nothing returning number`;
  return added.map(({ number }) => number);
}

/** Whether it was there and free. */
export async function deleteFromPool(tx: Tx, number: string): Promise<boolean> {
  const deleted = await tx.query<{ number: string }>`
    delete from inbound_numbers where number = ${number} and service_id is null returning number`;
  return deleted.length > 0;
}

/** The service that has it, if there is one. */
export async function findHolder(db: Db, number: string): Promise<{ serviceId: string; name: string } | undefined> {
  const [holder] = await db.query<{ serviceId: string; name: string }>`
    select i.service_id, s.name from inbound_numbers i join services s on s.id = i.service_id where i.number = ${number}`;
  return holder;
}

/** Free again, if this service had it; whether it had. */
export async function returnToPool(tx: Tx, number: string, serviceId: string): Promise<boolean> {
  const returned = await tx.query<{ number: string }>`
    update inbound_numbers set service_id = null, is_active = true
    where number = ${number} and service_id = ${serviceId} returning number`;
  return returned.length > 0;
}
