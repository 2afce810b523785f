/** The sandbox's outbox is for looking at what has just been sent, and stays small. */
import type { Db } from "../../platform/db.ts";

/** Deletes what came before a moment, and all but the newest `keptMax`; says how many. */
export async function deleteOldSandboxMessages(
  db: Db,
  { before, keptMax }: { before: Date; keptMax: number },
): Promise<number> {
  const deleted = await db.query<{ id: string }>`
    delete from sandbox_outbox o
    where o.created_at < ${before}
      or o.id < (select n.id from sandbox_outbox n order by n.id desc offset ${keptMax - 1} limit 1)
    returning o.id`;
  return deleted.length;
}

/** Letters are larger than all else: of them fewer are kept. */
export async function deleteOldSandboxLetters(db: Db, keptMax: number): Promise<void> {
  await db.query`
    delete from sandbox_outbox o where o.channel = 'letter' and o.id < (
      select n.id from sandbox_outbox n where n.channel = 'letter' order by n.id desc offset ${keptMax - 1} limit 1)`;
}
