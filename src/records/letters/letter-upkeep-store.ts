/** Letters and print runs that nobody works on any more, or that are past their time. */
import type { Db } from "../../platform/db.ts";
import { firstIdAt } from "../../platform/ids.ts";
import type { Lane } from "../../platform/queue.ts";

/** Letters made in a span that are neither set nor checked, and wait in no queue. */
export function listStuckLetters(
  db: Db,
  span: { from: Date; before: Date },
  { queue, limit }: { queue: string; limit: number },
): Promise<{ id: string; lane: Lane; serviceId: string }[]> {
  return db.query<{ id: string; lane: Lane; serviceId: string }>`
    select n.id, n.lane, n.service_id
    from letters l join notifications n on n.id = l.notification_id
    where l.notification_id >= ${firstIdAt(span.from)}::uuid and l.notification_id < ${firstIdAt(span.before)}::uuid
      and l.pages is null and n.status in ('created', 'sending', 'pending-virus-check')
      and not exists (select 1 from jobs j where j.queue = ${queue} and j.id = l.notification_id)
    limit ${limit}`;
}

/** Runs that were begun before a moment, are not finished, and wait in no queue. */
export function listStuckRuns(
  db: Db,
  { before, queue, limit }: { before: Date; queue: string; limit: number },
): Promise<{ id: string; provider: string }[]> {
  return db.query<{ id: string; provider: string }>`
    select r.id, r.provider from print_runs r
    where r.finished_at is null and r.created_at < ${before}
      and not exists (select 1 from jobs j where j.queue = ${queue} and j.id = r.id)
    limit ${limit}`;
}

/** Letters whose notification has been deleted. */
export function listPastLetters(db: Db, limit: number): Promise<{ id: string; storedAs: string | undefined }[]> {
  return db.query<{ id: string; storedAs: string | undefined }>`
    select l.notification_id as id, l.stored_as from letters l
    where not exists (select 1 from notifications n where n.id = l.notification_id)
    order by l.notification_id limit ${limit}`;
}

/** Those of the ids that no letter has. */
export async function listIdsWithoutLetter(db: Db, ids: readonly string[]): Promise<string[]> {
  const rows = await db.query<{ id: string }>`
    select w.id from unnest(${ids}::uuid[]) as w (id)
    where not exists (select from letters l where l.notification_id = w.id)`;
  return rows.map(({ id }) => id);
}

export async function deleteLetters(db: Db, notificationIds: readonly string[]): Promise<void> {
  await db.query`delete from letters where notification_id = any(${notificationIds}::uuid[])`;
}

/** Runs of which no letter is left. */
export async function deletePastRuns(db: Db, before: Date): Promise<number> {
  const deleted = await db.query<{ id: string }>`
    delete from print_runs r
    where r.finished_at < ${before} and not exists (select 1 from letters l where l.print_run_id = r.id) returning r.id`;
  return deleted.length;
}
