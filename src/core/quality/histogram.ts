/** How long deliveries took, counted in steps, so that shares of many counts together can be told without any of the messages. */

/** Upper bounds in seconds, about a third apart; what took longer is counted last. Never changed: kept counts go by them. */
export const TIME_BOUNDS_SECONDS = [
  0.5, 1, 1.5, 2, 3, 4, 5, 7, 10, 15, 20, 30, 45, 60, 90, 120, 180, 300, 600, 1_200, 2_400, 3_600, 7_200, 14_400,
  28_800, 86_400, 172_800, 259_200,
] as const;
/** The last holds what took longer than all bounds. */
export const TIME_STEPS = TIME_BOUNDS_SECONDS.length + 1;

/** The step that a time is counted in.  timeStep(1_200) → 2 */
export function timeStep(ms: number): number {
  const index = TIME_BOUNDS_SECONDS.findIndex((bound) => ms <= bound * 1_000);
  return index === -1 ? TIME_STEPS - 1 : index;
}

export function noTimes(): number[] {
  return Array<number>(TIME_STEPS).fill(0);
}

/**
 * In how many seconds such a share was delivered: exact to the step, and as if times were spread evenly within it. Undefined where nothing
 * was delivered; what took longer than all bounds counts as the last.
 */
export function percentile(times: readonly number[], share: number): number | undefined {
  const total = times.reduce((sum, count) => sum + count, 0);
  if (total === 0) return undefined;
  const wanted = share * total;
  let before = 0;
  for (const [step, count] of times.entries()) {
    if (count > 0 && before + count >= wanted) return within(step, (wanted - before) / count);
    before += count;
  }
  return TIME_BOUNDS_SECONDS.at(-1);
}

function within(step: number, share: number): number {
  const lower = step === 0 ? 0 : (TIME_BOUNDS_SECONDS[step - 1] ?? 0);
  const upper = TIME_BOUNDS_SECONDS[step] ?? lower;
  return Math.round((lower + (upper - lower) * Math.max(0, share)) * 1_000) / 1_000;
}
