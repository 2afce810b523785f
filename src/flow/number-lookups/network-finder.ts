/**
 * On which network a number is and whether it roams, as far as it was looked up lately: for its price, for counting, and for who sends nothing to
 * numbers that roam. While no look-up is kept at all, which
 * is remembered for a moment, it asks nothing; else all that one turn of the event loop asks, and all that comes while the database answers,
 * is one statement.
 */
import { createBatcher } from "../../platform/batcher.ts";
import type { Clock } from "../../platform/clock.ts";
import type { Db } from "../../platform/db.ts";
import { blindIndex } from "../../platform/sealing.ts";
import { createTimedCache } from "../../platform/timed-cache.ts";
import { findWhereabouts, isAnyLookedUp, type Whereabouts } from "../../records/number-lookups/network-lookup-store.ts";

/** People change networks, and come home: a day is as long as an answer can be believed. */
export const LOOKUP_KEPT_MS = 24 * 60 * 60_000;
/** The first look-up of another process counts within two seconds. */
const ANY_KEPT_TTL_MS = 1_500;
const READS_AT_ONCE_MAX = 2;
const NUMBERS_MAX = 500;

export interface NetworkFinder {
  /** Undefined where nobody asked, or the network did not say. */
  find(digits: string): Promise<Whereabouts | undefined>;
  /** By number, of those that are known. */
  findAll(numbers: readonly string[]): Promise<ReadonlyMap<string, Whereabouts>>;
  /** For the process that has just kept a look-up. */
  noteKept(): void;
}

interface Asked {
  digits: string;
  answer: (found: Whereabouts | undefined) => void;
}

interface Sources {
  db: Db;
  keys: { searchIndex: Buffer };
  clock: Clock;
}

const NONE: ReadonlyMap<string, Whereabouts> = new Map();

export function createNetworkFinder({ db, keys, clock }: Sources): NetworkFinder {
  const since = (): Date => new Date(clock.now().getTime() - LOOKUP_KEPT_MS);
  const anyKept = createTimedCache<"any", boolean>({
    ttlMs: ANY_KEPT_TTL_MS,
    maxEntries: 1,
    load: () => isAnyLookedUp(db, since()),
  });
  const findAll = async (numbers: readonly string[]): Promise<ReadonlyMap<string, Whereabouts>> => {
    if (numbers.length === 0 || !(await anyKept.get("any"))) return NONE;
    const indexes = numbers.map((digits) => blindIndex(keys.searchIndex, digits));
    const found = await findWhereabouts(db, indexes, since());
    const known = new Map(found.map(({ numberIndex, ...where }) => [numberIndex.toString("hex"), where]));
    return new Map(
      numbers.flatMap((digits, at) => {
        const where = known.get(indexes[at]?.toString("hex") ?? "");
        return where === undefined ? [] : [[digits, where] as const];
      }),
    );
  };
  const batcher = createBatcher<Asked>({
    writesAtOnceMax: READS_AT_ONCE_MAX,
    itemsMax: NUMBERS_MAX,
    write: async (asked) => {
      const known = await findAll(asked.map(({ digits }) => digits));
      for (const { digits, answer } of asked) answer(known.get(digits));
    },
  });
  return {
    findAll,
    find: async (digits) => {
      if (!(await anyKept.get("any"))) return undefined;
      let where: Whereabouts | undefined;
      const answer = (found: Whereabouts | undefined): void => {
        where = found;
      };
      await batcher.add({ digits, answer });
      return where;
    },
    noteKept: () => anyKept.forget("any"),
  };
}
