/**
 * An HTTP supplier of text messages, described as data: what to send, how to read the answer, how to read what it posts to us.
 * A supplier that this can describe needs no code; `presets.ts` has four to start from.
 *
 * In every text `{name}` stands for a setting (an API key, say) or a field of the message:
 *
 * | field | is |
 * |---|---|
 * | `to`, `toPlus` | the recipient: `447700900123`, `+447700900123` |
 * | `from`, `fromPlus` | the sender; a long number with a plus in `fromPlus` |
 * | `text`, `encoding` | what to say; `gsm7` or `ucs2` |
 * | `reference` | our id of the message |
 * | `validForSeconds`, `validForMinutes` | how long to keep trying; nothing when there is no limit |
 */
import type { ReportedStatus, SupplierReply } from "../provider.ts";

export interface HttpSupplier {
  /** What an operator sets: credentials and addresses. */
  settings: Record<string, "required" | "optional" | { default: string }>;
  send: SendRule;
  receipts?: ReceiptsRule;
  inbound?: InboundRule;
}

export interface SendRule {
  method: "POST" | "PUT" | "GET";
  /** Values are percent-encoded; one that begins the address, such as `{url}`, is put in as it is. */
  url: string;
  headers?: Record<string, string>;
  auth?: { kind: "basic"; username: string; password: string } | { kind: "bearer"; token: string };
  body: RequestBody;
  /** The longest a supplier lets us ask it to keep trying; a longer wish is cut to it. */
  validityMaxSeconds?: number;
  answer: AnswerRule;
}

/** A member whose whole value is a field without a value is left out. */
export type RequestBody =
  | { format: "json"; template: JsonTemplate }
  | { format: "form"; fields: Record<string, string> }
  | { format: "none" };

export type JsonTemplate = string | number | boolean | null | JsonTemplate[] | { [member: string]: JsonTemplate };

export interface AnswerRule {
  /** The first that fits decides; an answer that fits none means: later, or elsewhere. */
  rules: OutcomeRule[];
  /** The supplier's id of the message, or ours when the supplier reports with that. */
  reference: Pick | "notification-id";
  /** The supplier's code for what is wrong. */
  code?: Pick;
}

export interface OutcomeRule {
  /** From and to, both included. */
  statuses: [number, number];
  where?: Pick & { is: string[] };
  /** A refusal that is known by its code (`where`) is the message's fault, not the supplier's; a status alone may be anybody's. */
  means: "accepted" | "refused" | "unavailable";
}

/** Where in a body something is: `messages.0.id` in JSON, or the first group of a regular expression in the text. */
export type Pick = { path: string } | { pattern: string };

interface ReportRule {
  format: "json" | "form" | "query";
  /** Fields without which the report is refused, in the order in which they are named. */
  required: string[];
  /** Begins the refusal of a report that lacks a field: `MMG callback failed`. */
  failure: string;
  reply: SupplierReply;
  /** For a body that cannot be read at all. */
  malformedReply?: SupplierReply;
  signature?: SignatureRule;
}

export interface ReceiptsRule extends ReportRule {
  reference: string;
  status: string;
  /** What the supplier adds to a status; a receipt's code is then both: `5/7`, `undelivered/30003`. */
  code?: string;
  at?: string;
  /** Country and network code together, `24801`; anything else is no network. */
  network?: string;
  /** The reference is our own id; a report about anything else is acknowledged and dropped. */
  isOurReference?: boolean;
  statuses: Record<string, StatusRule>;
  /** For a status that is not listed. */
  otherwise: ReportedStatus;
}

/** `no-news` is a step on the way that changes nothing. */
export type StatusRule =
  | ReportedStatus
  | "no-news"
  | { byCode: Record<string, ReportedStatus>; otherwise: ReportedStatus; otherwiseIfPending?: ReportedStatus };

export interface InboundRule extends ReportRule {
  from: string;
  to: string;
  text: string;
  sentAt?: string;
  reference?: string;
  /** Undone in this order in the text and the time: `url` is + and %xx, `escapes` is \n, \xhh, \uhhhh. */
  decode?: ("url" | "escapes")[];
  needsJsonContentType?: boolean;
}

/** A keyed hash the supplier sends along. An empty key turns the check off. */
export interface SignatureRule {
  header: string;
  algorithm: "sha1" | "sha256";
  encoding: "hex" | "base64";
  key: string;
  /** Over the body's bytes, or over the URL as the supplier was told it followed by the form's sorted names and values. */
  over: "body" | { url: string };
}
