/**
 * What is happening, told to whoever is looking at it at this moment, over all processes (PostgreSQL's NOTIFY). Nothing depends on it:
 * an event that nobody hears is lost, and the page shows the same when it is next loaded.
 *
 * Topics say whose they are first: `service.{id}.counters`, `service.{id}.message.{id}`. Events carry ids, states and numbers, never
 * recipients or contents. Not for the transactions of the hot path: commits that notify wait for one another.
 */
import type { Db } from "../platform/db.ts";
import { newId } from "../platform/ids.ts";

export const LIVE_CHANNEL = "pennypost_live";

/** PostgreSQL refuses a payload of 8,000 bytes. */
const PAYLOAD_MAX_BYTES = 7_900;

export interface LiveEvent {
  id: string;
  topic: string;
  data: Readonly<Record<string, string | number | boolean | null>>;
}

/** Tells what happened, in one statement; within a transaction it is told when that commits. */
export async function publishLive(db: Db, events: readonly Omit<LiveEvent, "id">[]): Promise<void> {
  if (events.length === 0) return;
  const payloads = events.map((event) => JSON.stringify({ id: newId(), ...event }));
  const tooLong = payloads.findIndex((payload) => Buffer.byteLength(payload) > PAYLOAD_MAX_BYTES);
  if (tooLong >= 0) throw new Error(`A live event of ${events[tooLong]?.topic} is too long`);
  await db.query`select pg_notify(${LIVE_CHANNEL}, e.payload) from unnest(${payloads}::text[]) as e (payload)`;
}
