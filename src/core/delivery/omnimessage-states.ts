/** The states of a text in the words of Messente's Omnichannel API, which many systems can read already. */
import type { Status } from "./statuses.ts";

export interface OmnimessageState {
  status: "ACK" | "SEEN" | "ACCEPTD" | "DELIVRD" | "UNDELIV" | "FAILED" | "REJECTD" | "DELETED" | "EXPIRED";
  /** For machines: 0 where nothing is wrong; 999 where the network has not said more than that it is. */
  err: 0 | 999;
  /** For people. */
  error: string | null;
}

const ON_ITS_WAY: OmnimessageState = { status: "ACCEPTD", err: 0, error: null };
const REJECTED: OmnimessageState = { status: "REJECTD", err: 999, error: "The message could not be sent as it is" };
const FAILED: OmnimessageState = { status: "FAILED", err: 999, error: "The message could not be sent" };

const STATES: Record<Status, OmnimessageState> = {
  created: { status: "ACK", err: 0, error: null },
  sending: ON_ITS_WAY,
  pending: ON_ITS_WAY,
  sent: ON_ITS_WAY,
  delivered: { status: "DELIVRD", err: 0, error: null },
  "permanent-failure": { status: "UNDELIV", err: 999, error: "The number cannot get messages" },
  "temporary-failure": { status: "EXPIRED", err: 999, error: "The message could not be delivered in time" },
  "technical-failure": FAILED,
  failed: FAILED,
  cancelled: { status: "DELETED", err: 0, error: null },
  "pending-virus-check": { status: "ACK", err: 0, error: null },
  "validation-failed": REJECTED,
  "virus-scan-failed": REJECTED,
  "returned-letter": FAILED,
};

/** What its app says after a chat message was delivered: of a message no status of ours, and reported once. */
export const SEEN = "seen";
const WAS_SEEN: OmnimessageState = { status: "SEEN", err: 0, error: null };

export function omnimessageState(status: Status | typeof SEEN): OmnimessageState {
  return status === SEEN ? WAS_SEEN : STATES[status];
}
