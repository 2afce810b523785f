/** What a notification costs as far as is known, from what is kept of it. */
import type { Status } from "../delivery/statuses.ts";
import { billableFragments } from "./billable-fragments.ts";
import { type Cost, costOf } from "./cost-of.ts";

export interface KeptNotification {
  channel: "sms" | "email" | "letter";
  status: Status;
  fragments: number;
  attempts: number;
  rateMultiplier: number;
  /** Sent with a test key. */
  isTest: boolean;
  createdAt: Date;
}

/** Only texts cost anything here: letters are not sent yet. */
export function costOfNotification(kept: KeptNotification): Cost {
  if (kept.channel !== "sms") return costOf({ channel: "email" });
  return costOf({ ...kept, channel: "sms", fragments: billableFragments(kept) });
}
