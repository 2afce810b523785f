/** Where a verification stands, and what is to be done next about one that may fall back to email. Told the time; knows no database. */
import { FINAL_STATUSES, type Status } from "../delivery/statuses.ts";

export type VerificationState = "pending" | "verified" | "expired" | "too-many-attempts";

export interface Course {
  verifiedAt: Date | undefined;
  expiresAt: Date;
  attempts: number;
  attemptsMax: number;
}

export function verificationState(
  { verifiedAt, expiresAt, attempts, attemptsMax }: Course,
  now: Date,
): VerificationState {
  if (verifiedAt) return "verified";
  if (attempts >= attemptsMax) return "too-many-attempts";
  return expiresAt <= now ? "expired" : "pending";
}

export type FallbackStep = { kind: "none" } | { kind: "send" } | { kind: "look-again"; at: Date };

export interface WatchedText {
  /** Of its notification; undefined where that is gone. */
  status: Status | undefined;
  sentAt: Date;
  fallbackAfterSeconds: number;
}

/** So that a text that fails is not waited for. */
const LOOK_EVERY_MS = 3_000;

/** An email goes once the text has failed, or has not been reported as delivered in time, and never after the code has run out. */
export function fallbackStep(course: Course, text: WatchedText, now: Date): FallbackStep {
  if (verificationState(course, now) !== "pending" || text.status === "delivered") return { kind: "none" };
  const dueAt = new Date(text.sentAt.getTime() + text.fallbackAfterSeconds * 1_000);
  if (hasFailed(text.status) || dueAt <= now) return { kind: "send" };
  return { kind: "look-again", at: new Date(Math.min(dueAt.getTime(), now.getTime() + LOOK_EVERY_MS)) };
}

function hasFailed(status: Status | undefined): boolean {
  return status === undefined || FINAL_STATUSES.includes(status);
}
