/** What changes of a user's account while it is used: tries to sign in, name, addresses and password. */
import type { Db, Tx } from "../../platform/db.ts";

/** After as many wrong passwords and codes an account is locked until its password is set anew. */
export const FAILED_SIGN_INS_MAX = 10;

export interface Account {
  id: string;
  isLocked: boolean;
  failedSignIns: number;
  passwordChangedAt: Date | undefined;
  lastSignedInAt: Date | undefined;
}

export async function findAccount(db: Db, userId: string): Promise<Account | undefined> {
  const [account] = await db.query<Account>`
    select u.id, u.failed_sign_ins >= ${FAILED_SIGN_INS_MAX} as is_locked, u.failed_sign_ins, u.password_changed_at,
      u.last_signed_in_at
    from users u where u.id = ${userId} and u.archived_at is null`;
  return account;
}

/**
 * Counts a try as failed before it is judged, so that tries at the same moment cannot outrun the count. False when the account is
 * locked, and the try does not count.
 */
export async function reserveTry(db: Db, userId: string): Promise<boolean> {
  const rows = await db.query<{ id: string }>`
    update users set failed_sign_ins = failed_sign_ins + 1
    where id = ${userId} and failed_sign_ins < ${FAILED_SIGN_INS_MAX} and archived_at is null returning id`;
  return rows.length > 0;
}

/** The try was a good one. What had failed before still counts: it is forgotten only when somebody is signed in. */
export async function giveBackTry(db: Db, userId: string): Promise<void> {
  await db.query`update users set failed_sign_ins = greatest(failed_sign_ins - 1, 0) where id = ${userId}`;
}

export async function noteSignedIn(tx: Tx, userId: string, now: Date): Promise<void> {
  await tx.query`update users set failed_sign_ins = 0, last_signed_in_at = ${now} where id = ${userId}`;
}

/** Unlocks the account as well. */
export async function updatePassword(
  tx: Tx,
  { userId, passwordHash, now }: { userId: string; passwordHash: string; now: Date },
): Promise<void> {
  await tx.query`
    update users set password_hash = ${passwordHash}, password_changed_at = ${now}, failed_sign_ins = 0 where id = ${userId}`;
}

export async function updateName(tx: Tx, userId: string, name: string): Promise<void> {
  await tx.query`update users set name = ${name} where id = ${userId}`;
}

export async function updateEmailAddress(tx: Tx, userId: string, emailAddress: string): Promise<void> {
  await tx.query`update users set email_address = ${emailAddress} where id = ${userId}`;
}

export async function updateMobileNumber(tx: Tx, userId: string, mobileNumber: string | undefined): Promise<void> {
  await tx.query`update users set mobile_number = ${mobileNumber ?? null} where id = ${userId}`;
}

/** Name and address stay, for what they did; the address may be another account's from now on. */
export async function setUserArchived(tx: Tx, userId: string, now: Date): Promise<void> {
  await tx.query`
    update users set archived_at = ${now}, password_hash = null, mobile_number = null, is_platform_admin = false
    where id = ${userId} and archived_at is null`;
}
