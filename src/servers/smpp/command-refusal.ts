/** Why a submit is not taken, as a command status: the one answer SMPP has. */
import { impossible, Refusal } from "../../core/refusal.ts";
import { STATUS } from "../../platform/smpp/command-statuses.ts";

/** Of the range that is left to whoever runs the centre (SMPP 3.4 §5.1.3): the recipient is on the service's suppression list. */
const SUPPRESSED = 0x0000_0400;

/** What is wrong with the PDU itself. */
export class CommandRefusal extends Refusal {
  readonly status: number;

  constructor(status: number, message: string) {
    super("invalid", message);
    this.status = status;
  }
}

/** Of anything thrown on the way. What may be taken later is said with statuses that systems try again after. */
export function commandStatusOf(error: unknown): number {
  if (error instanceof CommandRefusal) return error.status;
  if (!(error instanceof Refusal)) return STATUS.ESME_RSYSERR;
  switch (error.kind) {
    case "rate-limited":
      return STATUS.ESME_RTHROTTLED;
    case "unavailable":
      return STATUS.ESME_RSYSERR;
    case "invalid-phone":
      return STATUS.ESME_RINVDSTADR;
    case "suppressed":
      return SUPPRESSED;
    case "bad-request":
    case "pdf-not-ready":
    case "invalid":
    case "unauthenticated":
    case "not-authorised":
    case "forbidden":
    case "not-found":
    case "not-verified":
    case "conflict":
    case "limit-reached":
    case "not-covered":
      return STATUS.ESME_RSUBMITFAIL;
    default:
      return impossible(error.kind);
  }
}
