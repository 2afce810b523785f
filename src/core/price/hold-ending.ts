/** What becomes of the money that is held for a text: it is charged once a provider was asked to carry it, and released where none was. */
import { FINAL_STATUSES, type Status } from "../delivery/statuses.ts";

export interface HeldText {
  /** Undefined where there is no such text any more. */
  text: { status: Status; attempts: number } | undefined;
  heldAt: Date;
  now: Date;
}

export type HoldEnding = "charge" | "release" | "wait";

const NOT_CHARGED: readonly Status[] = ["cancelled", "technical-failure"];
/** Networks abroad that report nothing leave texts as sent: after this nothing more is heard. */
const SENT_ENDS_AFTER_MS = 72 * 3_600_000;

export function holdEnding({ text, heldAt, now }: HeldText): HoldEnding {
  if (!text || NOT_CHARGED.includes(text.status)) return "release";
  if (FINAL_STATUSES.includes(text.status)) return text.attempts > 0 ? "charge" : "release";
  const isSilent = text.status === "sent" && now.getTime() - heldAt.getTime() >= SENT_ENDS_AFTER_MS;
  return isSilent ? "charge" : "wait";
}

const FIRST_LOOK_MS = 60_000;
const LOOK_EVERY_MAX_MS = 15 * 60_000;

/** When a text that is under way is looked at first: most have ended by then. */
export function firstLook(dueAt: Date): Date {
  return new Date(dueAt.getTime() + FIRST_LOOK_MS);
}

/** Again when it is twice as old, and at least every quarter of an hour. */
export function nextLook(heldAt: Date, now: Date): Date {
  const ageMs = Math.max(FIRST_LOOK_MS, now.getTime() - heldAt.getTime());
  return new Date(now.getTime() + Math.min(ageMs, LOOK_EVERY_MAX_MS));
}
