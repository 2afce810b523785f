/** So many at once and no more; the others wait their turn, first come, first served. */
export interface Turns {
  /** What `work` resolves with, once it had its turn. */
  take<Result>(work: () => Promise<Result>): Promise<Result>;
}

export function createTurns(atOnceMax: number): Turns {
  const waiting: (() => void)[] = [];
  const state = { underWay: 0 };
  return {
    async take(work) {
      if (state.underWay < atOnceMax) state.underWay += 1;
      else await new Promise<void>((resolve) => waiting.push(resolve));
      try {
        return await work();
      } finally {
        const next = waiting.shift();
        if (next)
          next(); // It has the turn of the one that ends.
        else state.underWay -= 1;
      }
    },
  };
}
