/** query_sm and cancel_sm (SMPP 3.4 §4.8, §4.9): what became of a message that a system submitted, and its end before it is sent. */
import { receiptError } from "../../core/delivery/smpp-states.ts";
import { Refusal } from "../../core/refusal.ts";
import type { Intake } from "../../flow/intake/accept.ts";
import type { Customer } from "../../flow/smpp/customer.ts";
import { cancelSubmit, findSubmitState } from "../../flow/smpp/find-message.ts";
import { STATUS } from "../../platform/smpp/command-statuses.ts";
import { type CancelRequest, type QueryRequest, type ResponsePdu, responseTo } from "../../platform/smpp/pdu.ts";
import { formatMoment } from "../../platform/smpp/smpp-time.ts";
import { MESSAGE_STATES } from "../../platform/smpp/tlvs.ts";

export async function tellState(intake: Intake, customer: Customer, pdu: QueryRequest): Promise<ResponsePdu> {
  const state = await findSubmitState(intake, customer, pdu.messageId);
  if (!state) return responseTo(pdu, STATUS.ESME_RQUERYFAIL);
  return {
    command: "query_sm_resp",
    status: STATUS.ESME_ROK,
    messageId: pdu.messageId,
    finalDate: state.endedAt ? formatMoment(state.endedAt) : "",
    messageState: MESSAGE_STATES[state.stat],
    errorCode: Math.min(Number(receiptError(state.code)), 0xff),
  };
}

export async function cancel(intake: Intake, customer: Customer, pdu: CancelRequest): Promise<ResponsePdu> {
  try {
    await cancelSubmit(intake, customer, pdu.messageId);
    return responseTo(pdu);
  } catch (error) {
    if (error instanceof Refusal) return responseTo(pdu, STATUS.ESME_RCANCELFAIL);
    throw error;
  }
}
