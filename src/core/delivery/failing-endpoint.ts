/** When an address has failed for so long that it is told nothing more until somebody resumes it. */

/** A weekend's maintenance is shorter, mostly; a receiver that was taken down stays down. */
const PAUSED_AFTER_MS = 24 * 60 * 60_000;
/** Attempts, each retry one: a service that sends little has not failed because of two receipts. */
const FAILURES_MIN = 50;

/** Failures that began before this may be enough. */
export function failedLongEnoughBefore(now: Date): Date {
  return new Date(now.getTime() - PAUSED_AFTER_MS);
}

/** What an endpoint has not taken, one attempt after another. */
export interface Failures {
  failures: number;
  firstFailedAt: Date;
  lastFailedAt: Date;
}

/** Of an endpoint that has taken nothing since its failures began. That nothing was tried for a while is no failure. */
export function isToBePaused({ failures, firstFailedAt, lastFailedAt }: Failures): boolean {
  return failures >= FAILURES_MIN && firstFailedAt <= failedLongEnoughBefore(lastFailedAt);
}
