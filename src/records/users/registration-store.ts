/** Accounts that wait for their address to be proven. */
import type { Db, Tx } from "../../platform/db.ts";

export interface Registration {
  id: string;
  name: string;
  emailAddress: string;
  mobileNumber: string | undefined;
  passwordHash: string;
  createdAt: Date;
  expiresAt: Date;
  usedAt: Date | undefined;
}

export async function insertRegistration(
  tx: Tx,
  registration: Omit<Registration, "usedAt"> & { tokenHash: Buffer },
): Promise<void> {
  const { id, name, emailAddress, mobileNumber, passwordHash, tokenHash, createdAt, expiresAt } = registration;
  await tx.query`
    insert into registrations (id, name, email_address, mobile_number, password_hash, token_hash, created_at, expires_at)
    values (${id}, ${name}, ${emailAddress}, ${mobileNumber ?? null}, ${passwordHash}, ${tokenHash}, ${createdAt}, ${expiresAt})`;
}

export async function findRegistration(db: Db, tokenHash: Buffer): Promise<Registration | undefined> {
  const [registration] = await db.query<Registration>`
    select r.id, r.name, r.email_address, r.mobile_number, r.password_hash, r.created_at, r.expires_at, r.used_at
    from registrations r where r.token_hash = ${tokenHash}`;
  return registration;
}

/** Whether it was still to be used. */
export async function useRegistration(tx: Tx, id: string, now: Date): Promise<boolean> {
  const rows = await tx.query<{ id: string }>`
    update registrations set used_at = ${now} where id = ${id} and used_at is null and expires_at > ${now} returning id`;
  return rows.length > 0;
}

/** The old link gives way to a new one. */
export async function renewRegistration(
  tx: Tx,
  { id, tokenHash, expiresAt }: { id: string; tokenHash: Buffer; expiresAt: Date },
): Promise<void> {
  await tx.query`
    update registrations set token_hash = ${tokenHash}, expires_at = ${expiresAt} where id = ${id} and used_at is null`;
}

export async function deleteRegistrationsBefore(db: Db, before: Date): Promise<number> {
  const rows = await db.query<{ id: string }>`delete from registrations where created_at < ${before} returning id`;
  return rows.length;
}
