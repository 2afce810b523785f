/** What a carrier's report does to a notification. */
import type { DispatchedChannel } from "../channels/channels.ts";
import { canMove, type Status } from "./statuses.ts";

export interface Report {
  current: Status;
  reported: Status;
  channel: DispatchedChannel;
  /** The recipient is abroad. */
  international: boolean;
  /** Networks there tell the truth about what became of a text. */
  countryHasReceipts: boolean;
}

/** The new status, or `ignore`: late and repeated reports, and those from countries whose receipts mean nothing, change nothing. */
export function decideMove({
  current,
  reported,
  channel,
  international,
  countryHasReceipts,
}: Report): Status | "ignore" {
  if (channel === "sms" && international && !countryHasReceipts) return "ignore";
  return canMove(current, reported) ? reported : "ignore";
}
