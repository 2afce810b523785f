/** When housekeeping is due: at fixed moments of UTC, so that all processes agree. */
export interface Schedule {
  everyMs: number;
  /** After each multiple of `everyMs` since 1970; a day's are at midnight UTC. */
  afterMs?: number;
}

/** The latest moment at which it was due.  latestDue({ everyMs: day, afterMs: 5 minutes }, now) → today at 00:05 */
export function latestDue({ everyMs, afterMs = 0 }: Schedule, now: Date): Date {
  return new Date(Math.floor((now.getTime() - afterMs) / everyMs) * everyMs + afterMs);
}
