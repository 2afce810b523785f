/**
 * Jobs that sleep are woken at their time. All consumers of a process share one look at the table: a look for each of a dozen queues,
 * several times a second, keeps an idle machine busy.
 */
import type { Database, Db } from "./db.ts";

const LOOK_EVERY_MS = 200;
const WAKE_BATCH = 2_000;

export interface Sleeper {
  queue: string;
  /** Jobs of the queue have been woken. */
  wake(): void;
  onError(error: unknown): void;
}

/** One for each database of this process, for as long as somebody consumes from it. */
const alarms = new WeakMap<Database, Alarm>();

/** From now on the queue's jobs are woken at their time, until what is returned is called. */
export function joinAlarm(db: Database, sleeper: Sleeper): () => void {
  const alarm = alarms.get(db) ?? new Alarm(db);
  alarms.set(db, alarm);
  alarm.sleepers.add(sleeper);
  return () => {
    if (!alarm.sleepers.delete(sleeper) || alarm.sleepers.size > 0) return;
    alarm.stop();
    alarms.delete(db);
  };
}

class Alarm {
  readonly sleepers = new Set<Sleeper>();
  readonly #db: Database;
  readonly #timer: NodeJS.Timeout;
  #isLooking = false;

  constructor(db: Database) {
    this.#db = db;
    this.#timer = setInterval(() => void this.#look(), LOOK_EVERY_MS);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** One look at a time: a database that answers slowly is not asked more often. */
  async #look(): Promise<void> {
    if (this.#isLooking) return;
    this.#isLooking = true;
    try {
      const due = await findDueQueues(this.#db, [...new Set([...this.sleepers].map(({ queue }) => queue))]);
      await Promise.all(due.map((queue) => this.#wake(queue)));
    } catch (error) {
      for (const sleeper of this.sleepers) sleeper.onError(error);
    } finally {
      this.#isLooking = false;
    }
  }

  async #wake(queue: string): Promise<void> {
    if ((await wakeDueJobs(this.#db, queue)) === 0) return;
    for (const sleeper of this.sleepers) if (sleeper.queue === queue) sleeper.wake();
  }
}

/** Reads one entry of the index for each queue, and writes nothing. */
async function findDueQueues(db: Db, queues: readonly string[]): Promise<string[]> {
  const due = await db.query<{ queue: string }>`
    select q.queue from unnest(${queues}::text[]) as q (queue)
    where exists (select from jobs j where j.queue = q.queue and j.wake_at <= now())`;
  return due.map(({ queue }) => queue);
}

async function wakeDueJobs(db: Db, queue: string): Promise<number> {
  const woken = await db.query<{ id: string }>`
    update jobs set wake_at = null
    where queue = ${queue} and id = any(array(
      select j.id from jobs j where j.queue = ${queue} and j.wake_at <= now()
      order by j.wake_at limit ${WAKE_BATCH} for update skip locked))
    returning id`;
  return woken.length;
}
