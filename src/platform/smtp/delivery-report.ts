/**
 * Reads mail about mail: reports on delivery (DSN, RFC 3464, 6533), complaints in the abuse reporting format (RFC 5965), and
 * bounces of mail systems that follow neither. Of a report only codes, dates and our own identifiers are kept: the rest repeats
 * recipients and contents.
 */
import PostalMime, { type Attachment, type Email } from "postal-mime";
import { findStatusCode } from "./status-code.ts";

/**
 * What is looked at of a mail. The parts that matter come before the mail that came back, and each line costs the parser some 14 µs, so
 * a megabyte of line ends would keep it busy for seconds.
 */
const READ_MAX_BYTES = 256 * 1024;
const READ_MAX_LINES = 10_000;
/** A report nests a few parts deep; anything deeper is made to hurt. */
const NESTING_MAX = 32;
const HEADERS_MAX_BYTES = 256 * 1024;
/** How much of a part is looked at for fields. */
const FIELDS_MAX_BYTES = 64 * 1024;
const GROUPS_MAX = 100;
const TEXT_MAX_CHARACTERS = 16_384;

/** What a mail system did with a mail (RFC 3464 §2.3.3). */
export type DeliveryAction = "failed" | "delayed" | "delivered" | "relayed" | "expanded";

export type MailReport =
  /** `code` is an enhanced status code (RFC 3463) where the report has one, such as `5.1.1`. */
  | { kind: "delivery"; action: DeliveryAction; code: string | undefined; at: Date | undefined; clues: string[] }
  | { kind: "complaint"; at: Date | undefined; clues: string[] }
  /** An out-of-office answer, a challenge, a newsletter: nothing that says what became of a mail. */
  | { kind: "unrelated" };

/**
 * Reads one mail. `clues` are identifiers found in it (return paths, Message-IDs, envelope ids, without brackets) by which the
 * sender may know the mail it is about. Rejects when the mail cannot be parsed at all.
 */
export async function parseMailReport(raw: Uint8Array): Promise<MailReport> {
  const email = await PostalMime.parse(firstLines(raw), {
    forceRfc822Attachments: true,
    maxNestingDepth: NESTING_MAX,
    maxHeadersSize: HEADERS_MAX_BYTES,
  });
  return readDeliveryStatus(email) ?? readFeedback(email) ?? readPlainBounce(email) ?? { kind: "unrelated" };
}

function firstLines(raw: Uint8Array): Uint8Array {
  const start = raw.subarray(0, READ_MAX_BYTES);
  let end = -1;
  for (let line = 0; line < READ_MAX_LINES; line += 1) {
    end = start.indexOf(LINE_FEED, end + 1);
    if (end === -1) return start;
  }
  return start.subarray(0, end);
}

const LINE_FEED = 0x0a;

function readDeliveryStatus(email: Email): MailReport | undefined {
  const part = findPart(email, ["message/delivery-status", "message/global-delivery-status"]);
  if (part === undefined) return undefined;
  const groups = readGroups(textOf(part));
  const status = mostTelling(groups.map(readRecipient).filter(isKnown));
  if (status === undefined) return undefined;
  const envelopeIds = groups.map((fields) => fields.get("original-envelope-id")).filter(isText);
  return { kind: "delivery", ...status, at: dateOf(email), clues: [...envelopeIds, ...cluesOfOriginal(email)] };
}

interface RecipientStatus {
  action: DeliveryAction;
  code: string | undefined;
}

function isKnown(status: RecipientStatus | undefined): status is RecipientStatus {
  return status !== undefined;
}

/** One recipient may become several on the way (an alias); a failure among them is what must be told. */
function mostTelling(statuses: RecipientStatus[]): RecipientStatus | undefined {
  return (
    statuses.find(({ action }) => action === "failed") ??
    statuses.find(({ action }) => action !== "delayed") ??
    statuses[0]
  );
}

function readRecipient(fields: Fields): RecipientStatus | undefined {
  const code = codeOf(fields);
  const action = readAction(fields.get("action")) ?? actionOfClass(code);
  return action === undefined ? undefined : { action, code };
}

/** RFC 3464 §2.3.4; a comment may follow. */
const STATUS = /^\s*([245]\.\d{1,3}\.\d{1,3})(?!\d)/;

/** The Status field, unless it says nothing in particular (`5.0.0`) and the diagnostic, of the same class, says more. */
function codeOf(fields: Fields): string | undefined {
  const status = STATUS.exec(fields.get("status") ?? "")?.[1];
  const diagnostic = findStatusCode(fields.get("diagnostic-code") ?? "");
  if (status === undefined) return diagnostic;
  const saysMore = status.endsWith(".0.0") && diagnostic?.charAt(0) === status.charAt(0);
  return saysMore ? diagnostic : status;
}

function readAction(field: string | undefined): DeliveryAction | undefined {
  const word = /^\s*([a-z]+)/i.exec(field ?? "")?.[1]?.toLowerCase();
  switch (word) {
    case "failed":
    case "delayed":
    case "delivered":
    case "relayed":
    case "expanded":
      return word;
    default:
      return undefined;
  }
}

/** For reports that leave out the Action they must have. */
function actionOfClass(code: string | undefined): DeliveryAction | undefined {
  if (code?.startsWith("5.")) return "failed";
  if (code?.startsWith("4.")) return "delayed";
  return code?.startsWith("2.") ? "delivered" : undefined;
}

/** `not-spam` takes a complaint back and `auth-failure` is about signatures (RFC 6591); the others are somebody's complaint. */
const COMPLAINTS = new Set(["abuse", "fraud", "virus", "other", "opt-out", "miscategorized"]);

function readFeedback(email: Email): MailReport | undefined {
  const part = findPart(email, ["message/feedback-report"]);
  if (part === undefined) return undefined;
  const fields = readFields(textOf(part));
  if (!COMPLAINTS.has((fields.get("feedback-type") ?? "").toLowerCase())) return { kind: "unrelated" };
  const named = [fields.get("original-mail-from"), fields.get("original-envelope-id")];
  return {
    kind: "complaint",
    at: dateOf(email),
    clues: [...named.filter(isText).map(bare), ...cluesOfOriginal(email)],
  };
}

/** A bounce in prose. It must come from a mail system: people, too, write about "error 550". */
function readPlainBounce(email: Email): MailReport | undefined {
  const failedRecipients = header(email, "x-failed-recipients") !== undefined;
  if (!failedRecipients && !isFromMailSystem(email)) return undefined;
  const text = (email.text ?? email.html ?? "").slice(0, TEXT_MAX_CHARACTERS);
  const code = findStatusCode(text);
  const isReport = failedRecipients || FAILURE_SUBJECT.test(email.subject ?? "") || code !== undefined;
  if (!isReport) return undefined;
  const action = DELAY_SUBJECT.test(email.subject ?? "") && !code?.startsWith("5.") ? "delayed" : "failed";
  return { kind: "delivery", action, code, at: dateOf(email), clues: cluesOfOriginal(email) };
}

const MAIL_SYSTEM = /^(?:mailer-daemon|postmaster|mail-daemon|mailsystem)(?:@|$)/i;
const FAILURE_SUBJECT =
  /undeliver|returned|failure|failed|could not be delivered|not delivered|delivery status|mail delivery|unzustellbar|non remis/i;
const DELAY_SUBJECT = /delayed|delay\b|warning:|still being retried/i;

function isFromMailSystem(email: Email): boolean {
  const isReport = /multipart\/report/i.test(header(email, "content-type") ?? "");
  return isReport || MAIL_SYSTEM.test(email.from?.address ?? "");
}

/** Identifiers in the mail that came back, whole or as headers alone. */
function cluesOfOriginal(email: Email): string[] {
  const part = findPart(email, [
    "message/rfc822",
    "text/rfc822-headers",
    "message/rfc822-headers",
    "message/global",
    "message/global-headers",
  ]);
  if (part === undefined) return [];
  const fields = readFields(textOf(part));
  return [fields.get("return-path"), fields.get("message-id")].filter(isText).map(bare);
}

function findPart(email: Email, mimeTypes: string[]): Attachment | undefined {
  return email.attachments.find(({ mimeType }) => mimeTypes.includes(mimeType));
}

function textOf(part: Attachment): string {
  if (typeof part.content === "string") return part.content.slice(0, FIELDS_MAX_BYTES);
  const bytes = new Uint8Array(part.content).subarray(0, FIELDS_MAX_BYTES);
  return new TextDecoder("utf-8").decode(bytes);
}

type Fields = Map<string, string>;

/** Groups of fields between blank lines: one about the mail, the others about a recipient each (RFC 3464 §2.1). */
function readGroups(text: string): Fields[] {
  return text
    .replaceAll("\r\n", "\n")
    .split(/\n[ \t]*\n/)
    .slice(0, GROUPS_MAX)
    .map(readFields);
}

/** The fields up to the first blank line, unfolded; of a repeated field the first. */
function readFields(text: string): Fields {
  const [head = ""] = text
    .replaceAll("\r\n", "\n")
    .replace(/^\n+/, "")
    .split(/\n[ \t]*\n/, 1);
  const fields: Fields = new Map();
  for (const line of head.replace(/\n[ \t]+/g, " ").split("\n")) {
    const colon = line.indexOf(":");
    const name = line.slice(0, Math.max(colon, 0)).trim().toLowerCase();
    if (name !== "" && !fields.has(name)) fields.set(name, line.slice(colon + 1).trim());
  }
  return fields;
}

function header(email: Email, name: string): string | undefined {
  return email.headers.find(({ key }) => key === name)?.value;
}

function dateOf(email: Email): Date | undefined {
  const date = new Date(email.date ?? "");
  return Number.isNaN(date.getTime()) ? undefined : date;
}

function isText(value: string | undefined): value is string {
  return value !== undefined && value !== "";
}

/** `<a@b>` without its brackets. */
function bare(identifier: string): string {
  return identifier.replace(/^.*<([^<>]*)>.*$/, "$1").trim();
}
