/** Much work in small statements, none of which keeps others waiting. */

const BATCHES_MAX = 2_000;

/** Repeats `step`, which deals with up to `limit` and says with how many, until there is no more; says with how many altogether. */
export async function inBatches(limit: number, step: (limit: number) => Promise<number>): Promise<number> {
  let total = 0;
  for (let batch = 0; batch < BATCHES_MAX; batch += 1) {
    const count = await step(limit);
    total += count;
    if (count < limit) break;
  }
  return total;
}
