/**
 * Background work on PostgreSQL: an entry is committed with the row it is about, leased by a worker in batches, and deleted when done.
 * A worker that dies does nothing; its lease ends in seconds and the entry is ready again. Order is fair between groups inside a lane:
 * each entry gets a turn on its group's own clock, so a group's thousandth entry comes after another group's first.
 */
import type { Database, Db, Subscription, Tx } from "./db.ts";
import { joinAlarm } from "./queue-alarm.ts";

const SIGNAL_CHANNEL = "jobs";
/** How long an idle consumer waits before it looks again, should a signal be lost. */
const POLL_MS = 500;
const AFTER_FAILURE_MS = 500;
/** Signals closer together than this find the consumers at work already, and each costs a commit of its own. */
const SIGNAL_SPACING_MS = 5;
/** Entries of one group are this far apart on its clock: a group alone is never slowed, a crowd of groups takes turns. */
const TURN_SPACING_MICROSECONDS = 1_000;

export type Lane = 0 | 1 | 2;
export const LANES = { high: 0, normal: 1, bulk: 2 } as const satisfies Record<string, Lane>;

export interface NewJob {
  id: string;
  lane: Lane;
  /** Who must not wait for whom: a customer's id. */
  group: string;
  payload?: unknown;
  /** Not before this moment. */
  wakeAt?: Date;
}

export interface Job<Payload = unknown> {
  id: string;
  lane: Lane;
  payload: Payload;
  /** More than 1: it was leased before, and whoever had it never reported back. */
  leases: number;
}

/** What a consumer wants done with leased jobs; `room` is asked before each lease, so no more is taken than can be worked on. */
export interface ConsumerOptions<Payload> {
  queue: string;
  batch: number;
  leaseMs: number;
  room: () => number;
  handle: (jobs: Job<Payload>[]) => Promise<void>;
  onError: (error: unknown) => void;
}

export interface Consumer {
  /** Look for work now: something was enqueued here. */
  wake(): void;
  /** Room was made. Looks for work only when the last look may have left some: a look costs the database as much as a job. */
  hasRoom(): void;
  /** Takes no more; resolves when the jobs in hand have been handled. */
  stop(): Promise<void>;
}

export interface QueueStats {
  queue: string;
  ready: number;
  asleep: number;
  oldestReadySeconds: number;
}

/** Adds jobs in the transaction of what they are about. With `leaseMs` they are born leased to the caller, who works on them at once. */
export async function enqueue(
  tx: Tx,
  queue: string,
  jobs: { entries: readonly NewJob[]; leaseMs?: number },
): Promise<void> {
  const { entries, leaseMs } = jobs;
  if (entries.length === 0) return;
  await tx.query`
    insert into jobs (queue, id, lane, turn, wake_at, lease_ends_at, leases, payload)
    select ${queue}, e.id, e.lane, e.turn, e.wake_at, now() + ${leaseMs ?? null}::integer * interval '1 ms', ${leaseMs ? 1 : 0}, e.payload
    from unnest(
      ${entries.map((entry) => entry.id)}::uuid[], ${entries.map((entry) => entry.lane)}::smallint[],
      ${entries.map((entry) => nextTurn(queue, entry.group))}::bigint[], ${entries.map((entry) => entry.wakeAt ?? null)}::timestamptz[],
      ${entries.map((entry) => (entry.payload === undefined ? null : JSON.stringify(entry.payload)))}::jsonb[]
    ) as e (id, lane, turn, wake_at, payload)`;
}

/** The jobs are done. */
export async function acknowledge(db: Db, queue: string, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  await db.query`delete from jobs where queue = ${queue} and id = any(${ids}::uuid[])`;
}

/** The jobs are to be tried again at a later moment, each at its own. */
export async function retryAt(
  db: Db,
  queue: string,
  jobs: readonly { id: string; wakeAt: Date; payload?: unknown }[],
): Promise<void> {
  if (jobs.length === 0) return;
  await db.query`
    update jobs set wake_at = r.wake_at, lease_ends_at = null, leases = 0, payload = coalesce(r.payload, jobs.payload)
    from unnest(
      ${jobs.map((job) => job.id)}::uuid[], ${jobs.map((job) => job.wakeAt)}::timestamptz[],
      ${jobs.map((job) => (job.payload === undefined ? null : JSON.stringify(job.payload)))}::jsonb[]
    ) as r (id, wake_at, payload)
    where jobs.queue = ${queue} and jobs.id = r.id`;
}

/** Takes back a job that nobody has leased; false when someone has, or when there is none. */
export async function withdraw(tx: Tx, queue: string, id: string): Promise<boolean> {
  const withdrawn = await tx.query<{ id: string }>`
    delete from jobs where queue = ${queue} and id = ${id} and leases = 0 returning id`;
  return withdrawn.length > 0;
}

/** The same of many, of which some may be leased. */
export async function withdrawMany(tx: Tx, queue: string, ids: readonly string[]): Promise<void> {
  await tx.query`delete from jobs where queue = ${queue} and id = any(${ids}::uuid[]) and leases = 0`;
}

/** Jobs that were put to sleep are ready now, or at their time, and take their turns as if they were new. */
export async function rouse(
  tx: Tx,
  queue: string,
  entries: readonly { id: string; group: string; wakeAt: Date | undefined }[],
): Promise<void> {
  await tx.query`
    update jobs set wake_at = r.wake_at, turn = r.turn
    from unnest(
      ${entries.map(({ id }) => id)}::uuid[], ${entries.map(({ wakeAt }) => wakeAt ?? null)}::timestamptz[],
      ${entries.map(({ group }) => nextTurn(queue, group))}::bigint[]
    ) as r (id, wake_at, turn)
    where jobs.queue = ${queue} and jobs.id = r.id and jobs.leases = 0`;
}

/** The caller is still at work on these. */
export async function extend(db: Db, queue: string, lease: { ids: readonly string[]; leaseMs: number }): Promise<void> {
  if (lease.ids.length === 0) return;
  await db.query`
    update jobs set lease_ends_at = now() + ${lease.leaseMs}::integer * interval '1 ms'
    where queue = ${queue} and id = any(${lease.ids}::uuid[])`;
}

/** How much waits in each queue. */
export function queueStats(db: Db): Promise<QueueStats[]> {
  return db.query<QueueStats>`
    select queue, count(*) filter (where is_ready) as ready, count(*) filter (where not is_ready) as asleep,
      coalesce(extract(epoch from clock_timestamp()) - min(turn) filter (where is_ready) / 1e6, 0)::double precision as oldest_ready_seconds
    from (
      select j.queue, j.turn, j.wake_at is null and (j.lease_ends_at is null or j.lease_ends_at <= now()) as is_ready from jobs j
    ) as j group by queue order by queue`;
}

/**
 * Tells the consumers of all processes that there is work: one signal at a time, the first at once and the next after a moment, and
 * never inside the transaction it tells about.
 */
export function createSignal(db: Db, queue: string): () => void {
  const state = { underWay: false, wanted: false };
  const send = (): void => {
    state.underWay = true;
    state.wanted = false;
    db.query`select pg_notify(${SIGNAL_CHANNEL}, ${queue})`
      .catch(() => undefined) // The consumers poll, too.
      .finally(() => setTimeout(sendNext, SIGNAL_SPACING_MS).unref());
  };
  const sendNext = (): void => {
    state.underWay = false;
    if (state.wanted) send();
  };
  return () => {
    if (state.underWay) state.wanted = true;
    else send();
  };
}

/** The same as part of a transaction, told when it is committed: for what happens rarely, since it makes commits wait for one another. */
export async function signalOnCommit(tx: Tx, queue: string): Promise<void> {
  await tx.query`select pg_notify(${SIGNAL_CHANNEL}, ${queue})`;
}

/** Calls `onWork` when somebody says that there is work, and after a time in which nobody could have been heard. */
export function listenForSignal(db: Database, queue: string, onWork: () => void): Promise<Subscription> {
  return db.listen(SIGNAL_CHANNEL, (named) => {
    if (named === undefined || named === queue) onWork();
  });
}

/** Leases jobs of a queue as long as there is room, and hands them over in batches; several batches may be under way at once. */
export async function consume<Payload>(db: Database, options: ConsumerOptions<Payload>): Promise<Consumer> {
  const loop = new ConsumerLoop<Payload>(db, options);
  return loop.start(await listenForSignal(db, options.queue, () => loop.wake()));
}

class ConsumerLoop<Payload> {
  readonly #db: Database;
  readonly #options: ConsumerOptions<Payload>;
  readonly #underWay = new Set<Promise<void>>();
  #stopping = false;
  #hasFailed = false;
  #isRoused = false;
  /** The last look took all there was, and nobody has said since that there is more. */
  #isEmpty = false;
  #lookedAtMs = Number.NEGATIVE_INFINITY;
  #resolveWait: (() => void) | undefined;

  constructor(db: Database, options: ConsumerOptions<Payload>) {
    this.#db = db;
    this.#options = options;
  }

  wake(): void {
    this.#isEmpty = false;
    this.#rouse();
  }

  #rouse(): void {
    this.#isRoused = true;
    this.#resolveWait?.();
  }

  start(subscription: Subscription): Consumer {
    const leaveAlarm = joinAlarm(this.#db, {
      queue: this.#options.queue,
      wake: () => this.wake(),
      onError: (error) => this.#sayOnce(error),
    });
    const running = this.#run();
    return {
      wake: () => this.wake(),
      hasRoom: () => this.#rouse(),
      stop: async () => {
        this.#stopping = true;
        leaveAlarm();
        this.wake();
        await running;
        await Promise.allSettled(this.#underWay);
        await subscription.close();
      },
    };
  }

  async #run(): Promise<void> {
    while (!this.#stopping) {
      this.#isRoused = false;
      const isDue = !this.#isEmpty || performance.now() - this.#lookedAtMs >= POLL_MS;
      const hasMore = isDue && (await this.#look());
      if (!hasMore) await this.#wait();
    }
  }

  /** Whether there may be more and room for it. Who says meanwhile that there is work is believed. */
  async #look(): Promise<boolean> {
    const wanted = Math.min(this.#options.batch, this.#options.room());
    if (wanted <= 0) return false;
    this.#isEmpty = true;
    this.#lookedAtMs = performance.now();
    const leased = await this.#lease(wanted);
    if (leased < wanted) return false;
    this.#isEmpty = false;
    return true;
  }

  /** Leases up to `limit` jobs and sets the handler to work on them; says how many there were. */
  async #lease(limit: number): Promise<number> {
    try {
      const jobs = await leaseJobs<Payload>(this.#db, { ...this.#options, limit });
      this.#hasFailed = false;
      if (jobs.length > 0) this.#handOver(jobs);
      return jobs.length;
    } catch (error) {
      this.#sayOnce(error);
      await new Promise((resolve) => setTimeout(resolve, AFTER_FAILURE_MS));
      return 0;
    }
  }

  #handOver(jobs: Job<Payload>[]): void {
    const work = this.#options
      .handle(jobs)
      .catch((error) => this.#options.onError(error))
      .finally(() => {
        this.#underWay.delete(work);
        this.#rouse();
      });
    this.#underWay.add(work);
  }

  #wait(): Promise<void> {
    if (this.#isRoused || this.#stopping) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.#isEmpty = false;
        resolve();
      }, POLL_MS);
      this.#resolveWait = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  /** A database that is away is away for every look at it; one word will do until it is back. */
  #sayOnce(error: unknown): void {
    if (!this.#hasFailed) this.#options.onError(error);
    this.#hasFailed = true;
  }
}

/**
 * The array form matters: `where id in (select … skip locked)` and a join to a CTE both read the whole table
 * (docs/decisions/0003-postgresql-as-the-queue.md).
 */
function leaseJobs<Payload>(db: Db, lease: { queue: string; limit: number; leaseMs: number }): Promise<Job<Payload>[]> {
  return db.query<Job<Payload>>`
    update jobs set lease_ends_at = now() + ${lease.leaseMs}::integer * interval '1 ms', leases = leases + 1
    where queue = ${lease.queue} and id = any(array(
      select j.id from jobs j where j.queue = ${lease.queue} and j.wake_at is null and (j.lease_ends_at is null or j.lease_ends_at <= now())
      order by j.lane, j.turn limit ${lease.limit} for update skip locked))
    returning id, lane, payload, leases`;
}

/** Each group's clock in this process; groups that have fallen behind the time start again at now. */
const groupClocks = new Map<string, number>();
const GROUP_CLOCKS_MAX = 10_000;

function nextTurn(queue: string, group: string): number {
  const now = Date.now() * 1_000;
  const key = `${queue} ${group}`;
  const turn = Math.max(now, (groupClocks.get(key) ?? 0) + TURN_SPACING_MICROSECONDS);
  if (groupClocks.size >= GROUP_CLOCKS_MAX) forgetPastClocks(now);
  groupClocks.set(key, turn);
  return turn;
}

function forgetPastClocks(now: number): void {
  for (const [key, turn] of groupClocks) if (turn <= now) groupClocks.delete(key);
}
