/** When a message that no provider took is tried again, and when we stop. */
import type { DispatchedChannel } from "../channels/channels.ts";
import type { Status } from "./statuses.ts";

export interface Tried {
  channel: DispatchedChannel;
  /** Attempts so far, at least one. */
  made: number;
  firstTriedAt: Date;
  now: Date;
  /** After this moment the message is of no use to its recipient. */
  validUntil?: Date | undefined;
}

export type NextAttempt =
  | { kind: "retry"; at: Date }
  | { kind: "give-up"; status: Status; reason: "retries-exhausted" | "no-longer-valid" };

const RETRIES_MAX = 48;
const RETRY_AFTER_MS = 300_000;
const GIVE_UP_AFTER_MS = 72 * 60 * 60 * 1000;

/** A text's first retry is at once, since another provider may take it; all others are five minutes apart. */
export function nextAttempt({ channel, made, firstTriedAt, now, validUntil }: Tried): NextAttempt {
  const waitMs = channel === "sms" && made === 1 ? 0 : RETRY_AFTER_MS;
  const at = new Date(now.getTime() + waitMs);
  if (validUntil !== undefined && at >= validUntil) {
    return { kind: "give-up", status: "temporary-failure", reason: "no-longer-valid" };
  }
  const isTooLate = at.getTime() - firstTriedAt.getTime() > GIVE_UP_AFTER_MS;
  if (made > RETRIES_MAX || isTooLate) {
    return { kind: "give-up", status: "technical-failure", reason: "retries-exhausted" };
  }
  return { kind: "retry", at };
}
