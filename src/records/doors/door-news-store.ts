/** The doors that are open, as the processes that keep them have last said. */
import type { Db } from "../../platform/db.ts";

export type DoorName = "smpp" | "smtp";

export interface DoorNews {
  processId: string;
  door: DoorName;
  /** Systems that are bound there. */
  binds: number;
  /** Undefined: it speaks no TLS. */
  certificateEndsAt: Date | undefined;
  seenAt: Date;
}

export async function putDoorNews(db: Db, news: DoorNews): Promise<void> {
  const { processId, door, binds, certificateEndsAt, seenAt } = news;
  await db.query`
    insert into door_news (process_id, door, binds, certificate_ends_at, seen_at)
    values (${processId}, ${door}, ${binds}, ${certificateEndsAt ?? null}, ${seenAt})
    on conflict (process_id, door) do update set binds = excluded.binds, certificate_ends_at = excluded.certificate_ends_at,
      seen_at = excluded.seen_at`;
}

/** Of a process that has shut it, and of those that have said nothing for long. */
export async function deleteDoorNews(
  db: Db,
  { processId, silentSince }: { processId: string; silentSince: Date },
): Promise<void> {
  await db.query`delete from door_news where process_id = ${processId} or seen_at < ${silentSince}`;
}

export interface OpenDoor {
  door: DoorName;
  processes: number;
  binds: number;
  /** The first that ends. */
  certificateEndsAt: Date | undefined;
}

export function listOpenDoors(db: Db, since: Date): Promise<OpenDoor[]> {
  return db.query<OpenDoor>`
    select n.door, count(*)::integer as processes, sum(n.binds)::integer as binds, min(n.certificate_ends_at) as certificate_ends_at
    from door_news n where n.seen_at >= ${since} group by n.door order by n.door`;
}
