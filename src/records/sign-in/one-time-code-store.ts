/** Digits sent by text, kept as keyed hashes: there are too few of them for a plain one. */
import type { Db, Tx } from "../../platform/db.ts";

export type CodePurpose = "sign-in" | "mobile-number";

export interface OneTimeCode {
  id: string;
  userId: string;
  purpose: CodePurpose;
  codeHash: Buffer;
  /** The new number that the code was sent to. */
  mobileNumber: string | undefined;
  createdAt: Date;
  expiresAt: Date;
}

/** Keeps a code unless the user has as many live ones; false when so. Codes asked for at the same moment come one after the other. */
export async function insertCode(tx: Tx, code: OneTimeCode, liveMax: number): Promise<boolean> {
  await tx.query`select u.id from users u where u.id = ${code.userId} for update`;
  const rows = await tx.query<{ id: string }>`
    insert into one_time_codes (id, user_id, purpose, code_hash, mobile_number, created_at, expires_at)
    select ${code.id}::uuid, ${code.userId}::uuid, ${code.purpose}, ${code.codeHash}, ${code.mobileNumber ?? null},
      ${code.createdAt}::timestamptz, ${code.expiresAt}::timestamptz
    where (select count(*) from one_time_codes c
      where c.user_id = ${code.userId} and c.used_at is null and c.expires_at > ${code.createdAt}) < ${liveMax}::integer
    returning id`;
  return rows.length > 0;
}

/** The code with this hash, whether live or not; the newest where digits came twice. */
export async function findCode(
  db: Db,
  { userId, purpose, codeHash }: Pick<OneTimeCode, "userId" | "purpose" | "codeHash">,
): Promise<(OneTimeCode & { usedAt: Date | undefined }) | undefined> {
  const [code] = await db.query<OneTimeCode & { usedAt: Date | undefined }>`
    select c.id, c.user_id, c.purpose, c.code_hash, c.mobile_number, c.created_at, c.expires_at, c.used_at
    from one_time_codes c where c.user_id = ${userId} and c.purpose = ${purpose} and c.code_hash = ${codeHash}
    order by c.created_at desc limit 1`;
  return code;
}

/** Whether it was live and is used now. */
export async function useCode(tx: Tx, id: string, now: Date): Promise<boolean> {
  const rows = await tx.query<{ id: string }>`
    update one_time_codes set used_at = ${now} where id = ${id} and used_at is null and expires_at > ${now} returning id`;
  return rows.length > 0;
}

/** Signed in, or the number was changed: the other codes are of no more use to anybody. */
export async function useUpCodes(tx: Tx, userId: string, now: Date): Promise<void> {
  await tx.query`update one_time_codes set used_at = ${now} where user_id = ${userId} and used_at is null`;
}

export async function deleteCodesBefore(db: Db, before: Date): Promise<number> {
  const rows = await db.query<{ id: string }>`delete from one_time_codes where expires_at < ${before} returning id`;
  return rows.length;
}
