/** Codes to be written down, for the day when no other second factor is at hand. Kept as keyed hashes. */
import type { Db, Tx } from "../../platform/db.ts";

/** New codes take the place of all that were there. */
export async function replaceRecoveryCodes(
  tx: Tx,
  { userId, hashes, now }: { userId: string; hashes: readonly Buffer[]; now: Date },
): Promise<void> {
  await tx.query`delete from recovery_codes where user_id = ${userId}`;
  await tx.query`
    insert into recovery_codes (user_id, code_hash, created_at)
    select ${userId}::uuid, h, ${now}::timestamptz from unnest(${hashes}::bytea[]) as h`;
}

export async function countRecoveryCodes(db: Db, userId: string): Promise<number> {
  const [row] = await db.query<{ left: number }>`
    select count(*) as left from recovery_codes r where r.user_id = ${userId} and r.used_at is null`;
  return row?.left ?? 0;
}

/** Whether it was one of the user's, not used before. */
export async function useRecoveryCode(
  tx: Tx,
  { userId, codeHash, now }: { userId: string; codeHash: Buffer; now: Date },
): Promise<boolean> {
  const rows = await tx.query<{ userId: string }>`
    update recovery_codes set used_at = ${now}
    where user_id = ${userId} and code_hash = ${codeHash} and used_at is null returning user_id`;
  return rows.length > 0;
}
