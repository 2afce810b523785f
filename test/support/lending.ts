/**
 * Things that one may use at a time, such as windows of a browser, lent to tests that run side by side.
 *
 *     const withWindow = lend(windows);
 *     await withWindow((page) => page.goto("/privacy"));
 */

/** Whoever comes while all are out waits for one to come back, in turn. */
export function lend<Thing>(things: readonly Thing[]): <T>(use: (thing: Thing) => Promise<T>) => Promise<T> {
  const free = [...things];
  const waiting: ((thing: Thing) => void)[] = [];
  const takeBack = (thing: Thing) => {
    const next = waiting.shift();
    if (next) next(thing);
    else free.push(thing);
  };
  return async (use) => {
    const thing = free.pop() ?? (await new Promise<Thing>((resolve) => waiting.push(resolve)));
    try {
      return await use(thing);
    } finally {
      takeBack(thing);
    }
  };
}
