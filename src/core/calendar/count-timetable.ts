/** When the messages of an hour are counted again: often while much of it still changes, and ever more rarely as it settles. */

const HOUR_MS = 3_600_000;
/** For what a provider is still being handed when the hour ends. */
const FIRST_AFTER_MS = 2 * 60_000;
const AGAIN_AFTER_MIN_MS = 10 * 60_000;
/** A message may be scheduled for so long ahead, and reported on for three days after that. */
const SETTLED_AFTER_MS = 34 * 24 * HOUR_MS;
/** Shown hour by hour for so long. */
const KEPT_BY_HOUR_MS = 8 * 24 * HOUR_MS;

export interface CountedHour {
  hour: Date;
  countedAt: Date;
  /** Something in it may still change. */
  hasUnfinished: boolean;
}

/** Whether an hour that was never counted is to be. */
export function isFirstCountDue(hour: Date, now: Date): boolean {
  return now.getTime() >= hour.getTime() + HOUR_MS + FIRST_AFTER_MS;
}

/** Each time the hour is twice as old as it was: some ten times altogether. */
export function isRecountDue({ hour, countedAt, hasUnfinished }: CountedHour, now: Date): boolean {
  const endMs = hour.getTime() + HOUR_MS;
  if (!hasUnfinished || countedAt.getTime() - endMs > SETTLED_AFTER_MS) return false;
  const spacingMs = Math.max(AGAIN_AFTER_MIN_MS, countedAt.getTime() - endMs);
  return now.getTime() - countedAt.getTime() >= spacingMs;
}

/** Whether its counts can be added to those of its day: nothing changes any more, and nobody asks for the hour. */
export function isFoldDue({ hour, hasUnfinished }: CountedHour, now: Date): boolean {
  const ageMs = now.getTime() - hour.getTime();
  return ageMs > KEPT_BY_HOUR_MS && (!hasUnfinished || ageMs > SETTLED_AFTER_MS + HOUR_MS);
}
