/** What carriers' codes mean in our statuses: SMPP message states, email delivery reports, and two suppliers of text messages. */
export type SupplierStatus = "pending" | "delivered" | "temporary-failure" | "permanent-failure" | "technical-failure";

export interface SupplierVerdict {
  status: SupplierStatus;
  /** The supplier's own code, with its words where it has any, for the notification's timeline. */
  code: string;
}

/** SMPP 3.4 §5.2.28 and Appendix B; `SCHEDULED` and `SKIPPED` from SMPP 5.0 §4.7.15. */
const SMPP_STATES = new Map<string, SupplierStatus>([
  ["SCHEDULED", "pending"],
  ["ENROUTE", "pending"],
  ["ACCEPTD", "pending"],
  ["DELIVRD", "delivered"],
  ["EXPIRED", "temporary-failure"],
  ["DELETED", "permanent-failure"],
  ["UNDELIV", "permanent-failure"],
  ["REJECTD", "permanent-failure"],
  ["UNKNOWN", "technical-failure"],
  ["SKIPPED", "technical-failure"],
]);

/** The names of the numbers in the `message_state` parameter, 0 to 9. */
const SMPP_STATE_NAMES = [
  "SCHEDULED",
  "ENROUTE",
  "DELIVRD",
  "EXPIRED",
  "DELETED",
  "UNDELIV",
  "ACCEPTD",
  "UNKNOWN",
  "REJECTD",
  "SKIPPED",
];

/** From the `stat:` of a receipt's text, or the number of its `message_state` parameter. */
export function smppStatus(state: string | number): SupplierStatus {
  const name = typeof state === "number" ? (SMPP_STATE_NAMES[state] ?? "UNKNOWN") : state.toUpperCase();
  return SMPP_STATES.get(name) ?? "technical-failure";
}

const DSN_ACTIONS = new Map<string, SupplierStatus>([
  ["delayed", "pending"],
  ["delivered", "delivered"],
  ["relayed", "delivered"],
  ["expanded", "delivered"],
]);

/** From a delivery status notification: its action (RFC 3464 §2.3.3), and for a failure its status code (RFC 3463 §2). */
export function deliveryReportStatus({ action, code }: { action: string; code: string }): SupplierStatus {
  return DSN_ACTIONS.get(action.toLowerCase()) ?? bounceStatus(code);
}

/** From the enhanced status code of a bounce: only class 5 says that trying again is no use.  bounceStatus("5.1.1") → "permanent-failure" */
function bounceStatus(code: string): SupplierStatus {
  return code.startsWith("5.") ? "permanent-failure" : "temporary-failure";
}

const MMG_STATUSES = new Map<string, SupplierStatus>([
  ["2", "permanent-failure"],
  ["3", "delivered"],
  ["4", "temporary-failure"],
  ["5", "permanent-failure"],
]);

export function mmgVerdict({ status, substatus }: { status: string; substatus?: string | undefined }): SupplierVerdict {
  const code = substatus === undefined ? status : `${status}/${substatus}`;
  return { status: MMG_STATUSES.get(status) ?? "technical-failure", code };
}

const FIRETEXT_DECLINED = "1";
const FIRETEXT_STATUSES = new Map<string, SupplierStatus>([
  ["0", "delivered"],
  [FIRETEXT_DECLINED, "permanent-failure"],
  ["2", "pending"],
]);

const FIRETEXT_CODES = new Map<string, readonly [SupplierStatus, string]>([
  ["000", ["temporary-failure", "No error reported"]],
  ["101", ["permanent-failure", "Unknown subscriber"]],
  ["102", ["temporary-failure", "Absent subscriber"]],
  ["103", ["temporary-failure", "Subscriber busy"]],
  ["104", ["temporary-failure", "No subscriber memory"]],
  ["201", ["permanent-failure", "Invalid number"]],
  ["301", ["permanent-failure", "SMS not supported"]],
  ["302", ["temporary-failure", "SMS not supported"]],
  ["401", ["permanent-failure", "Message rejected"]],
  ["900", ["temporary-failure", "Routing error"]],
]);

export interface FiretextReport {
  status: string;
  code?: string | null | undefined;
  /** Firetext had said before that it was still trying. */
  isPending: boolean;
}

/** A message Firetext declined without saying why was out of reach if it had been pending, and never to be delivered if not. */
export function firetextVerdict({ status, code, isPending }: FiretextReport): SupplierVerdict {
  const general = FIRETEXT_STATUSES.get(status) ?? "technical-failure";
  if (status !== FIRETEXT_DECLINED) return { status: general, code: status };
  const known = FIRETEXT_CODES.get(code ?? "");
  if (known !== undefined) return { status: known[0], code: `${code} ${known[1]}` };
  return { status: isPending ? "temporary-failure" : general, code: code ?? status };
}
