/** How often something may be tried in a time, by whom; shared by all processes. */
import type { Db } from "../../platform/db.ts";

export interface Throttle {
  /** What is tried by whom, as a keyed hash: no address of a person is kept. */
  key: Buffer;
  triesMax: number;
  windowSeconds: number;
  now: Date;
}

/** Counts one try. The seconds to wait when it is one too many. */
export async function countTry(db: Db, { key, triesMax, windowSeconds, now }: Throttle): Promise<number | undefined> {
  const endsAt = new Date(now.getTime() + windowSeconds * 1_000);
  const [row] = await db.query<{ tries: number; endsAt: Date }>`
    insert into throttles as t (key, tries, ends_at) values (${key}, 1, ${endsAt})
    on conflict (key) do update set
      tries = case when t.ends_at <= ${now} then 1 else t.tries + 1 end,
      ends_at = case when t.ends_at <= ${now} then excluded.ends_at else t.ends_at end
    returning t.tries, t.ends_at`;
  if (!row || row.tries <= triesMax) return undefined;
  return Math.max(1, Math.ceil((row.endsAt.getTime() - now.getTime()) / 1_000));
}

/** What was counted did not happen. */
export async function takeTryBack(db: Db, key: Buffer): Promise<void> {
  await db.query`update throttles set tries = tries - 1 where key = ${key} and tries > 0`;
}

/** Whether the next try would be one too many; asking counts nothing. */
export async function isThrottled(db: Db, { key, triesMax, now }: Throttle): Promise<boolean> {
  const [row] = await db.query<{ tries: number }>`
    select t.tries from throttles t where t.key = ${key} and t.ends_at > ${now}`;
  return row !== undefined && row.tries >= triesMax;
}

export async function deletePastThrottles(db: Db, now: Date): Promise<number> {
  const rows = await db.query<{ tries: number }>`delete from throttles where ends_at < ${now} returning tries`;
  return rows.length;
}
