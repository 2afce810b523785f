/** What a customer's system that is bound to us hears of a message, in the words of SMPP 3.4 Appendix B. */
import type { Status } from "./statuses.ts";

export type SmppState = "ENROUTE" | "DELIVRD" | "EXPIRED" | "DELETED" | "UNDELIV" | "ACCEPTD" | "REJECTD";

/** Statuses that nobody has to hear of are not among them. Abroad, where nobody reports, having been sent is an end. */
const STATE_OF_STATUS: Partial<Record<Status, SmppState>> = {
  pending: "ENROUTE",
  sent: "ACCEPTD",
  delivered: "DELIVRD",
  "temporary-failure": "EXPIRED",
  "permanent-failure": "UNDELIV",
  "technical-failure": "REJECTD",
  cancelled: "DELETED",
};

export function smppStateOf(status: Status): SmppState | undefined {
  return STATE_OF_STATUS[status];
}

/** Bits of registered_delivery (SMPP 3.4 §5.2.17); both of the first two bits: success alone (SMPP 5.0 §4.7.21). */
const FINAL_RECEIPT = 0x03;
const INTERMEDIATE = 0x10;

/** Whether a submit asked for any receipt at all. */
export function asksForReceipts(registeredDelivery: number): boolean {
  return (registeredDelivery & (FINAL_RECEIPT | INTERMEDIATE)) !== 0;
}

/** Whether a submit asked to hear of this.  wantsToHear(2, "DELIVRD") → false */
export function wantsToHear(registeredDelivery: number, state: SmppState): boolean {
  if (state === "ENROUTE") return (registeredDelivery & INTERMEDIATE) !== 0;
  const isSuccess = state === "DELIVRD" || state === "ACCEPTD";
  switch (registeredDelivery & FINAL_RECEIPT) {
    case 1:
      return true;
    case 2:
      return !isSuccess;
    case 3:
      return isSuccess;
    default:
      return false;
  }
}

const CODE_DIGITS = /\d+/;

/** A carrier's code as a receipt's three digits.  receiptError("UNDELIV 27") → "027" */
export function receiptError(code: string | undefined): string {
  return (CODE_DIGITS.exec(code ?? "")?.[0] ?? "").slice(-3).padStart(3, "0");
}
