/**
 * What a failed hand-over means (RFC 5321 §4.2, RFC 3463). A relay's words are never repeated: they quote the recipient.
 */
import { findStatusCode } from "../../platform/smtp/status-code.ts";
import type { Outcome } from "../provider.ts";

/** What nodemailer tells of a failure. */
export interface SmtpError {
  code?: string | undefined;
  command?: string | undefined;
  responseCode?: number | undefined;
  response?: string | undefined;
}

/** What one failure says about the message, and whether it says something about the relay itself. */
export interface FailedSend {
  outcome: Outcome;
  /** The relay may be away for everyone: find out before handing it more. */
  isRelayInDoubt: boolean;
}

/** Replies about us or the relay, not about this message: sign in first, wrong sign-in, encryption needed, not serving mail, closing. */
const ABOUT_THE_RELAY = new Set([421, 521, 530, 534, 535, 538]);
/** The steps at which a refusal is about this one message. */
const ABOUT_THE_MESSAGE = new Set(["MAIL FROM", "RCPT TO", "DATA"]);

/** An address or a mailbox is wrong, full or closed, for now or for good (RFC 3463 §3.2 and §3.3). */
const ABOUT_AN_ADDRESS = /^[45]\.[12]\./;

const REASONS: Record<string, string> = {
  ECONNECTION: "The mail relay closed the connection",
  ETIMEDOUT: "The mail relay did not answer in time",
  EABORT: "The mail relay did not answer in time",
  ESOCKET: "The mail relay cannot be reached",
  EDNS: "The mail relay's name cannot be resolved",
  ETLS: "No encrypted connection to the mail relay could be made",
  EAUTH: "The mail relay did not accept our user name and password",
  ENOAUTH: "The mail relay wants a user name and password",
};

/** Sorts a failure of `sendMail` into refused (never again) and unavailable (later, or elsewhere). */
export function outcomeOfError(error: SmtpError): FailedSend {
  if (error.responseCode !== undefined) return outcomeOfReply(error.responseCode, error);
  const own = OWN_REFUSALS[error.code ?? ""];
  if (own !== undefined) return { outcome: { kind: "refused", ...own, dueTo: "us" }, isRelayInDoubt: false };
  return { outcome: unavailable(error), isRelayInDoubt: true };
}

/** Refused before a word was sent, because it would be in vain: no valid recipient or sender, or longer than the relay's SIZE. */
const OWN_REFUSALS: Record<string, { reason: string; code: string }> = {
  EENVELOPE: { reason: "The address cannot be written in an SMTP envelope", code: "5.1.3" },
  EMESSAGE: { reason: "The message is larger than the mail relay takes", code: "5.3.4" },
};

function outcomeOfReply(responseCode: number, error: SmtpError): FailedSend {
  const code = findStatusCode(error.response ?? "") ?? String(responseCode);
  const step = ABOUT_THE_MESSAGE.has(error.command ?? "") ? error.command : undefined;
  if (step === undefined || ABOUT_THE_RELAY.has(responseCode)) {
    return { outcome: { ...unavailable(error), code }, isRelayInDoubt: true };
  }
  const isRefused = responseCode >= 500;
  const reason = `The mail relay answered ${responseCode} to ${step}`;
  const dueTo = ABOUT_AN_ADDRESS.test(code) ? ({ dueTo: "message" } as const) : {};
  return { outcome: { kind: isRefused ? "refused" : "unavailable", reason, code, ...dueTo }, isRelayInDoubt: false };
}

/** Later, or elsewhere, and why in words of ours. */
export function unavailable(error: SmtpError): Extract<Outcome, { kind: "unavailable" }> {
  const reason = REASONS[error.code ?? ""] ?? "The mail relay cannot take mail";
  const mayHaveBeenSent = error.command === "DATA" && error.responseCode === undefined;
  return { kind: "unavailable", reason, ...(mayHaveBeenSent ? { mayHaveBeenSent } : {}) };
}
