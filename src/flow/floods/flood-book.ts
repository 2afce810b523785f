/**
 * Counts what the stops of guards against floods keep back, in memory, and adds it to them every second: what is refused in a flood costs a sum in
 * a map and no statement. A process that is killed takes its last second's counts with it.
 */
import type { Db } from "../../platform/db.ts";
import { errorFields, type Log } from "../../platform/log.ts";
import { addToFloodStops, type KeptBack, type StoppedLike } from "../../records/floods/flood-stop-store.ts";

const FLUSH_AFTER_MS = 1_000;
/** As many stops at once; beyond that, while the database is away, what comes is not counted. */
const STOPS_MAX = 10_000;

export interface FloodBook {
  note(like: StoppedLike, became: "refused" | "held"): void;
  /** Resolves when everything noted so far is in the database, or could not be written. */
  flush(): Promise<void>;
}

export function createFloodBook({ db, log }: { db: Db; log: Log }): FloodBook {
  const state = { kept: new Map<string, KeptBack>(), timer: undefined as NodeJS.Timeout | undefined };
  const write = async (): Promise<void> => {
    const { kept } = state;
    if (kept.size === 0) return;
    state.kept = new Map();
    try {
      await addToFloodStops(db, [...kept.values()]);
    } catch (error) {
      log.warn("flood.counts-not-written", { stops: kept.size, ...errorFields(error) });
    }
  };
  // One after the other, so that who waits for what was noted waits for what is being written as well.
  let writing = Promise.resolve();
  const flush = (): Promise<void> => {
    clearTimeout(state.timer);
    state.timer = undefined;
    writing = writing.then(write);
    return writing;
  };
  return {
    flush,
    note: ({ ruleId, serviceId, subject }, became) => {
      const key = `${ruleId} ${serviceId} ${subject}`;
      const known = state.kept.get(key) ?? { ruleId, serviceId, subject, refused: 0, held: 0 };
      if (state.kept.size >= STOPS_MAX && !state.kept.has(key)) return;
      known[became] += 1;
      state.kept.set(key, known);
      state.timer ??= setTimeout(() => void flush(), FLUSH_AFTER_MS).unref();
    },
  };
}
