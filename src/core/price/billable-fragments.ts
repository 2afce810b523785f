/** How many fragments of a text are to be paid for, as far as is known now. */
import type { Status } from "../delivery/statuses.ts";

export interface CarriedText {
  status: Status;
  /** Parts the text has. */
  fragments: number;
  /** Times that a provider was asked to carry it. */
  attempts: number;
  /** Sent with a test key: nobody carries it, so nothing counts before the sandbox has reported on it. */
  isTest: boolean;
}

const NOT_REPORTED: readonly Status[] = ["created", "sending", "sent"];

/** None until a provider was asked, and for tests none until a report has come. */
export function billableFragments({ status, fragments, attempts, isTest }: CarriedText): number {
  const counts = isTest ? !NOT_REPORTED.includes(status) && status !== "cancelled" : attempts > 0;
  return counts ? fragments : 0;
}
