/** When a provider counts as being in trouble, and how it comes back: settings of each provider, with these unless it says otherwise. */

export interface HealthRules {
  /** Share of hand-overs of the last seconds that it did not take. */
  errorShare: number;
  /** An answer to a hand-over that takes longer is slow. */
  slowAnswerMs: number;
  /** Share of slow answers. */
  slowShare: number;
  /** Share of its receipts of the last minutes that say a message failed. */
  failureShare: number;
  /** No receipt for so long, or for four times as long as they usually take, while it takes messages. */
  silentSeconds: number;
  /** Fewer messages than these prove nothing. */
  leastMessages: number;
  /** How long it is left alone at first; twice as long each time it fails again. */
  openSeconds: number;
  /** How long it stays at each of the shares by which it comes back. */
  stepSeconds: number;
}

export const USUAL_HEALTH_RULES: HealthRules = {
  errorShare: 0.3,
  slowAnswerMs: 2_000,
  slowShare: 0.5,
  failureShare: 0.6,
  silentSeconds: 2,
  leastMessages: 20,
  openSeconds: 10,
  stepSeconds: 10,
};

/** How a provider fares, over all processes that send. */
export interface Tally {
  /** Hand-overs of the last seconds that have been answered: taken, not taken, put off by the carrier. */
  taken: number;
  failed: number;
  throttled: number;
  /** Of those answered, by an answer that took too long. */
  slow: number;
  /** Hand-overs that wait for their answer, and those that have waited too long. */
  underWay: number;
  overdue: number;
  /** Receipts of the last minutes that say how a message ended, and those that say it failed. */
  reported: number;
  reportedFailed: number;
  /** Taken since the last receipt, and so long ago that one should have come. */
  unreported: number;
  /** When the last receipt came, in milliseconds since 1970. */
  lastReceiptAtMs: number | undefined;
  /** Nineteen of twenty receipts come within this time; undefined while too few have come to tell. */
  usualReceiptMs: number | undefined;
  /** Canary messages in a row that did not arrive. */
  failedCanaries: number;
  trials: Trials;
}

/** Messages handed over since an open circuit was due to be tried. They are counted until it changes, however few come. */
export interface Trials {
  /** Taken, and soon enough. */
  passed: number;
  /** Not taken, put off, or answered too late. */
  failed: number;
  /** Receipts since then that say a message arrived. */
  delivered: number;
}

export const EMPTY_TALLY: Tally = {
  ...{ taken: 0, failed: 0, throttled: 0, slow: 0, underWay: 0, overdue: 0, reported: 0, reportedFailed: 0 },
  ...{ unreported: 0, lastReceiptAtMs: undefined, usualReceiptMs: undefined, failedCanaries: 0 },
  trials: { passed: 0, failed: 0, delivered: 0 },
};

const PATIENCE = 4;

/** How long to wait for a receipt before its absence means something. */
export function patienceMs({ silentSeconds }: HealthRules, usualReceiptMs: number): number {
  return Math.max(silentSeconds * 1_000, PATIENCE * usualReceiptMs);
}

export type TroubleKind = "errors" | "throttled" | "slow" | "failures" | "silent" | "canary";

/** What is wrong, and by how much: shares are 0 to 1. */
export interface Trouble {
  kind: TroubleKind;
  share: number;
  messages: number;
}

/** So many canaries in a row that did not arrive are trouble. */
export const CANARIES_MAX = 2;

/** The first thing that is wrong with a provider; undefined while nothing is, or while too little is known. */
export function troubleOf(tally: Tally, rules: HealthRules): Trouble | undefined {
  const answered = tally.taken + tally.failed;
  const found: readonly (Trouble & { above: number })[] = [
    { kind: "errors", share: tally.failed / answered, messages: answered, above: rules.errorShare },
    { kind: "throttled", share: tally.taken === 0 ? 1 : 0, messages: tally.throttled, above: 1 },
    { kind: "slow", share: tally.overdue / tally.underWay, messages: tally.underWay, above: rules.slowShare },
    { kind: "slow", share: tally.slow / answered, messages: answered, above: rules.slowShare },
    {
      kind: "failures",
      share: tally.reportedFailed / tally.reported,
      messages: tally.reported,
      above: rules.failureShare,
    },
    { kind: "silent", share: 1, messages: tally.unreported, above: tally.usualReceiptMs === undefined ? 2 : 1 },
  ];
  const worst = found.find(({ share, messages, above }) => messages >= rules.leastMessages && share >= above);
  if (worst) return { kind: worst.kind, share: worst.share, messages: worst.messages };
  if (tally.failedCanaries >= CANARIES_MAX) return { kind: "canary", share: 1, messages: tally.failedCanaries };
  return undefined;
}
