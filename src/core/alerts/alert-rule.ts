/**
 * Whether something is out of the ordinary, by counts of a window of time: pure, so that tables can say what is told and when. An alert opens
 * when a figure passes its threshold, and closes only when it is well back, so that one that wavers is told of once.
 */
import { percentile } from "../quality/histogram.ts";
import type { QualityCounts } from "../quality/indicators.ts";
import { impossible } from "../refusal.ts";

export const ALERT_KINDS = ["failure-share", "slowness", "receipt-silence", "pumping", "balance"] as const;
export type AlertKind = (typeof ALERT_KINDS)[number];

export interface AlertRule {
  kind: AlertKind;
  /**
   * Percent of what has ended, seconds within which 95 % are delivered, how many times the usual number is sent, or money that is left.
   * Silence has none.
   */
  threshold: number;
  windowMinutes: number;
  /** Below so many messages in the window nothing is said. */
  leastCount: number;
}

/** What a window held, and what is usual: sent in as long a time, over the past days. */
export interface WindowCounts extends QualityCounts {
  usuallySent: number;
}

export interface Reading {
  /** Of the same sort as the threshold; of silence, how many messages nothing was heard of. */
  value: number;
  verdict: "over" | "between" | "clear";
}

/** How far a figure has to be back before its alert closes. */
const CLEAR_AT = 0.8;

/** Undefined where too little was sent to say anything. */
export function readWindow(rule: AlertRule, counts: WindowCounts): Reading | undefined {
  const { kind, threshold, leastCount } = rule;
  const failed = counts.permanent + counts.temporary + counts.technical;
  const ended = failed + counts.delivered;
  switch (kind) {
    case "failure-share":
      return ended < leastCount ? undefined : above((failed / ended) * 100, threshold);
    case "slowness":
      return counts.delivered < leastCount ? undefined : above(percentile(counts.times, 0.95) ?? 0, threshold);
    case "receipt-silence":
      if (ended > 0) return { value: 0, verdict: "clear" };
      return counts.sent < leastCount ? undefined : { value: counts.sent, verdict: "over" };
    case "pumping":
      return counts.sent < leastCount ? { value: 0, verdict: "clear" } : above(timesUsual(counts), threshold);
    case "balance":
      throw new Error("a balance is not read from counts");
    default:
      return impossible(kind);
  }
}

/** What was hardly ever sent is compared with one message. */
function timesUsual({ sent, usuallySent }: WindowCounts): number {
  return sent / Math.max(1, usuallySent);
}

function above(value: number, threshold: number): Reading {
  if (value > threshold) return { value, verdict: "over" };
  return { value, verdict: value <= threshold * CLEAR_AT ? "clear" : "between" };
}

/** Of a balance, which is low when less than the threshold is left, and no more when a quarter above it is there. */
export function readBalance({ threshold }: Pick<AlertRule, "threshold">, pounds: number): Reading {
  if (pounds < threshold) return { value: pounds, verdict: "over" };
  return { value: pounds, verdict: pounds >= threshold / CLEAR_AT ? "clear" : "between" };
}

export interface OpenAlert {
  openedAt: Date;
  /** How often it was told of again. */
  reminders: number;
}

const HOUR_MS = 3_600_000;
/** After it was opened; then nobody is told of it again until it closes. */
const REMIND_AFTER_MS = [HOUR_MS, 6 * HOUR_MS, 24 * HOUR_MS] as const;
/** What nothing is heard of any more closes: there is no traffic. */
const FORGOTTEN_AFTER_WINDOWS = 4;

export type AlertStep = "open" | "close" | "remind" | "nothing";

export function nextAlertStep(
  rule: Pick<AlertRule, "windowMinutes">,
  { open, reading, now }: { open: OpenAlert | undefined; reading: Reading | undefined; now: Date },
): AlertStep {
  if (!open) return reading?.verdict === "over" ? "open" : "nothing";
  const ageMs = now.getTime() - open.openedAt.getTime();
  const isForgotten = !reading && ageMs > FORGOTTEN_AFTER_WINDOWS * rule.windowMinutes * 60_000;
  if (reading?.verdict === "clear" || isForgotten) return "close";
  const remindAfterMs = REMIND_AFTER_MS[open.reminders];
  return remindAfterMs !== undefined && ageMs >= remindAfterMs ? "remind" : "nothing";
}
