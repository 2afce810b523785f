/** What the answers to a text's parts mean for the text. */
import { STATUS, statusName } from "../../platform/smpp/command-statuses.ts";
import type { Answer } from "../../platform/smpp/session.ts";
import type { Outcome } from "../provider.ts";
import { referenceFromSubmit } from "./message-ids.ts";
import type { MessageIdFormat } from "./options.ts";

/** The code of an outcome after which the carrier may nevertheless have taken the message. */
const UNANSWERED = "unanswered";

/** Not the message's fault: the same message may pass later, or elsewhere. Numbers from 0x400 on are carriers' own. */
const PASSING: ReadonlySet<number> = new Set([
  STATUS.ESME_RTHROTTLED,
  STATUS.ESME_RMSGQFUL,
  STATUS.ESME_RSYSERR,
  STATUS.ESME_RINVBNDSTS,
  STATUS.ESME_RSUBMITFAIL,
  STATUS.ESME_RX_T_APPN,
  STATUS.ESME_RDELIVERYFAILURE,
  STATUS.ESME_RUNKNOWNERR,
]);
const RESERVED_FOR_CARRIERS_FROM = 0x400;
/** The message's own fault: its recipient, its sender, its length or its validity. */
const ABOUT_THE_MESSAGE: ReadonlySet<number> = new Set([
  STATUS.ESME_RINVDSTADR,
  STATUS.ESME_RINVDSTTON,
  STATUS.ESME_RINVDSTNPI,
  STATUS.ESME_RINVSRCADR,
  STATUS.ESME_RINVSRCTON,
  STATUS.ESME_RINVSRCNPI,
  STATUS.ESME_RINVMSGLEN,
  STATUS.ESME_RINVEXPIRY,
]);

/** Whether the carrier asks us to go slower. */
export function isThrottled(answer: Answer): boolean {
  if (answer.kind !== "answered") return false;
  return answer.response.status === STATUS.ESME_RTHROTTLED || answer.response.status === STATUS.ESME_RMSGQFUL;
}

/**
 * The outcome of the whole text. One part refused for good refuses it; else one part without an answer leaves it open whether
 * it was sent; only when every part was taken is it accepted, with a reference for each.
 */
export function outcomeOf(answers: readonly Answer[], format: MessageIdFormat): Outcome {
  const outcomes = answers.map((answer) => outcomeOfPart(answer, format));
  return (
    outcomes.find((outcome) => outcome.kind === "refused") ??
    outcomes.find((outcome) => outcome.kind === "unavailable" && outcome.code === UNANSWERED) ??
    outcomes.find((outcome) => outcome.kind === "unavailable") ?? {
      kind: "accepted",
      references: outcomes.flatMap((outcome) => (outcome.kind === "accepted" ? outcome.references : [])),
    }
  );
}

function outcomeOfPart(answer: Answer, format: MessageIdFormat): Outcome {
  switch (answer.kind) {
    case "lost":
      return {
        kind: "unavailable",
        reason: "connection lost before an answer",
        code: UNANSWERED,
        mayHaveBeenSent: true,
      };
    case "timed-out":
      return { kind: "unavailable", reason: "no answer in time", code: UNANSWERED, mayHaveBeenSent: true };
    case "not-sent":
      return { kind: "unavailable", reason: "connection lost before it was sent" };
    case "unsayable":
      return { kind: "refused", reason: answer.reason, dueTo: "us" };
    case "answered":
      return outcomeOfResponse(answer.response, format);
  }
}

function outcomeOfResponse(response: (Answer & { kind: "answered" })["response"], format: MessageIdFormat): Outcome {
  const { status } = response;
  if (status === STATUS.ESME_ROK && response.command === "submit_sm_resp") {
    return { kind: "accepted", references: [referenceFromSubmit(response.messageId, format)] };
  }
  const code = statusName(status);
  const isPassing = status === STATUS.ESME_ROK || status >= RESERVED_FOR_CARRIERS_FROM || PASSING.has(status);
  const reason = `the carrier answered ${response.command} ${code}`;
  if (isPassing) return { kind: "unavailable", reason, code };
  return { kind: "refused", reason, code, ...(ABOUT_THE_MESSAGE.has(status) ? { dueTo: "message" } : {}) };
}
