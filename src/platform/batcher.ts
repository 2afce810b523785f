/**
 * Writes what has come while the last write was under way, all together: the busier it gets, the larger the batches, and a lone item
 * waits for nothing.
 */
export interface Batcher<Item> {
  /** Resolves when the batch the item went with is written; rejects when that failed. */
  add(item: Item): Promise<void>;
  /** Items not yet written. */
  size(): number;
  /** Resolves when nothing is left to write. */
  idle(): Promise<void>;
}

export interface BatcherOptions<Item> {
  /** How many batches may be under way at once. */
  writesAtOnceMax: number;
  itemsMax: number;
  /** How long the first item waits for others to go with it, where nobody waits for the write; nothing when left out. */
  gatherMs?: number;
  write: (items: Item[]) => Promise<void>;
}

interface Waiting<Item> {
  item: Item;
  resolve: () => void;
  reject: (error: unknown) => void;
}

export function createBatcher<Item>(options: BatcherOptions<Item>): Batcher<Item> {
  const { writesAtOnceMax, itemsMax, gatherMs, write } = options;
  const waiting: Waiting<Item>[] = [];
  const state = { writesUnderWay: 0, itemsUnderWay: 0, isPlanned: false };
  const idleCallers: (() => void)[] = [];

  const writeNext = (): void => {
    state.isPlanned = false;
    while (state.writesUnderWay < writesAtOnceMax && waiting.length > 0) void writeBatch(waiting.splice(0, itemsMax));
  };
  const writeBatch = async (batch: Waiting<Item>[]): Promise<void> => {
    state.writesUnderWay += 1;
    state.itemsUnderWay += batch.length;
    try {
      await write(batch.map((entry) => entry.item));
      for (const entry of batch) entry.resolve();
    } catch (error) {
      for (const entry of batch) entry.reject(error);
    } finally {
      state.writesUnderWay -= 1;
      state.itemsUnderWay -= batch.length;
      if (gatherMs === undefined) writeNext();
      else plan();
      if (state.writesUnderWay === 0) for (const tell of idleCallers.splice(0)) tell();
    }
  };
  const plan = (): void => {
    if (state.isPlanned || waiting.length === 0 || state.writesUnderWay >= writesAtOnceMax) return;
    state.isPlanned = true;
    if (gatherMs === undefined)
      setImmediate(writeNext); // Everything this turn of the event loop brings goes together.
    else setTimeout(writeNext, gatherMs);
  };
  return {
    add: (item) =>
      new Promise((resolve, reject) => {
        waiting.push({ item, resolve, reject });
        plan();
      }),
    size: () => waiting.length + state.itemsUnderWay,
    idle: () => {
      if (waiting.length + state.itemsUnderWay === 0) return Promise.resolve();
      return new Promise((resolve) => idleCallers.push(resolve));
    },
  };
}
