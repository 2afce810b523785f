/**
 * A customer's system under way: sends at a steady pace, tries again with the same Idempotency-Key whatever goes wrong, and keeps a ledger.
 *
 *     const load = startLoad({ perSecond: 200, send: (key) => fetch(…) });
 *     await load.untilAcknowledged(1_000);
 *     await load.stop();
 */
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";

const TICK_MS = 20;
const TRY_AGAIN_AFTER_MS = 100;
const TRY_AGAIN_WITHIN_MS = 60_000;
const UNDER_WAY_MAX = 500;
/** Answers after which the same request is worth making again. */
const WORTH_TRYING_AGAIN = [409, 429, 500, 502, 503, 504];

export interface LoadOptions {
  perSecond: number;
  /** One request; rejects when there was no answer. */
  send(key: string): Promise<Response>;
}

export interface Load {
  /** By Idempotency-Key, the id of the 201. */
  readonly acknowledged: ReadonlyMap<string, string>;
  /** Keys of requests that had to be made more than once. */
  readonly madeAgain: ReadonlySet<string>;
  /** Answers that should not have come. */
  readonly refusals: readonly string[];
  /** Resolves when so many more than now are acknowledged. */
  untilAcknowledged(more: number): Promise<void>;
  /** Begins nothing more, and waits for what is under way. */
  stop(): Promise<void>;
}

export function startLoad({ perSecond, send }: LoadOptions): Load {
  const acknowledged = new Map<string, string>();
  const madeAgain = new Set<string>();
  const refusals: string[] = [];
  const underWay = new Set<Promise<void>>();
  const stopping = new AbortController();

  async function follow(key: string): Promise<void> {
    const deadline = performance.now() + TRY_AGAIN_WITHIN_MS;
    while (performance.now() < deadline) {
      const response = await send(key).catch(() => undefined);
      if (response?.status === 201) return note(key, response);
      if (response && !WORTH_TRYING_AGAIN.includes(response.status)) return refuse(response);
      madeAgain.add(key);
      await sleep(TRY_AGAIN_AFTER_MS);
    }
    refusals.push("no answer for too long");
  }

  async function note(key: string, response: Response): Promise<void> {
    const answer = (await response.json()) as { id: string };
    acknowledged.set(key, answer.id);
  }

  async function refuse(response: Response): Promise<void> {
    refusals.push(`${response.status} ${await response.text()}`);
  }

  function begin(): void {
    const one = follow(randomUUID()).finally(() => underWay.delete(one));
    underWay.add(one);
  }

  async function keepPace(): Promise<void> {
    const startedAt = performance.now();
    let begun = 0;
    while (!stopping.signal.aborted) {
      const due = Math.floor(((performance.now() - startedAt) / 1_000) * perSecond);
      for (; begun < due; begun += 1) if (underWay.size < UNDER_WAY_MAX) begin();
      await sleep(TICK_MS);
    }
  }

  const pace = keepPace();
  return {
    acknowledged,
    madeAgain,
    refusals,
    untilAcknowledged: async (more) => {
      const wanted = acknowledged.size + more;
      const deadline = performance.now() + TRY_AGAIN_WITHIN_MS;
      while (acknowledged.size < wanted) {
        if (performance.now() > deadline) throw new Error(`only ${acknowledged.size} of ${wanted} are acknowledged`);
        await sleep(TICK_MS);
      }
    },
    stop: async () => {
      stopping.abort();
      await pace;
      await Promise.all(underWay);
    },
  };
}
