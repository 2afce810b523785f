/**
 * The port where bounces and complaints arrive. It takes mail only for return paths that we signed and for the address registered
 * with feedback loops, and acknowledges a report only once it is kept; until then the sender keeps it and tries again.
 */
import { deliveryReportStatus, type SupplierStatus } from "../../../core/delivery/supplier-codes.ts";
import { errorFields, type Log } from "../../../platform/log.ts";
import { type MailReport, parseMailReport } from "../../../platform/smtp/delivery-report.ts";
import { type MailPort, type ReceivedMail, receiveMail, SmtpReply } from "../../../platform/smtp/receive-mail.ts";
import { parseVerpAddress, readSignedReference } from "../../../platform/smtp/verp.ts";

/** A bounce repeats the headers, sometimes the mail; nobody needs to send us more. */
const MAIL_MAX_BYTES = 1024 * 1024;

/** The shape of a provider's receipt and complaint. */
export type BounceReport =
  | { kind: "receipt"; receipt: { reference: string; status: SupplierStatus; code?: string; at?: Date } }
  | { kind: "complaint"; complaint: { reference: string; at?: Date } };

export interface BounceServerOptions {
  host: string;
  port: number;
  /** How it greets: the host the MX record names. */
  name: string;
  /** Signs return paths; the same as the sending side's. */
  verpSecret: string;
  /** The address given to feedback loops. */
  complaintAddress?: string;
  /** Offers STARTTLS, in PEM. */
  tls?: { cert: string; key: string };
  /** Resolves once the report is durable; a rejection makes the sender try again. */
  onReport: (report: BounceReport) => Promise<void>;
  log: Log;
}

/** Listens for bounces; resolves once it does, rejects when the port cannot be had. */
export function startBounceServer(options: BounceServerOptions): Promise<MailPort> {
  return receiveMail({
    host: options.host,
    port: options.port,
    name: options.name,
    mailMaxBytes: MAIL_MAX_BYTES,
    tls: options.tls,
    onRecipient: (address) => refuseIfNotOurs(address, options),
    onMail: (mail) => takeReport(mail, options),
    log: options.log,
  });
}

function refuseIfNotOurs(address: string, { verpSecret, complaintAddress }: BounceServerOptions): void {
  if (address.toLowerCase() === complaintAddress?.toLowerCase()) return;
  if (parseVerpAddress(address, verpSecret) === undefined) throw new SmtpReply(550, "5.1.1 No such address here");
}

async function takeReport(mail: ReceivedMail, options: BounceServerOptions): Promise<void> {
  const report = await parse(mail, options.log);
  if (report.kind === "unrelated") return;
  const references = referencesOf(mail, report.clues, options.verpSecret);
  if (references.size === 0) options.log.info("bounces.unknown-mail", { kind: report.kind });
  for (const reference of references) await options.onReport(translate(reference, report));
}

async function parse(mail: ReceivedMail, log: Log): Promise<MailReport> {
  try {
    return await parseMailReport(mail.raw);
  } catch (error) {
    log.warn("bounces.not-readable", errorFields(error));
    throw new SmtpReply(554, "5.6.0 This message cannot be read");
  }
}

/** The return paths it was sent to; for mail to the complaint address, the first mark of ours in the mail complained of. */
function referencesOf(mail: ReceivedMail, clues: string[], secret: string): Set<string> {
  const addressed = mail.recipients.map(({ address }) => parseVerpAddress(address, secret));
  const found = addressed.some(isText) ? addressed : [clues.map((clue) => readClue(clue, secret)).find(isText)];
  return new Set(found.filter(isText));
}

/** A return path, or a Message-ID or envelope id: a signed reference, with or without a domain. */
function readClue(clue: string, secret: string): string | undefined {
  return parseVerpAddress(clue, secret) ?? readSignedReference(clue.replace(/@.*$/, ""), secret);
}

function isText(value: string | undefined): value is string {
  return value !== undefined;
}

function translate(reference: string, report: Exclude<MailReport, { kind: "unrelated" }>): BounceReport {
  const at = report.at === undefined ? {} : { at: report.at };
  if (report.kind === "complaint") return { kind: "complaint", complaint: { reference, ...at } };
  const code = report.code === undefined ? {} : { code: report.code };
  return { kind: "receipt", receipt: { reference, status: statusOf(report), ...code, ...at } };
}

/** Codes of class 5 that time may heal all the same: the mailbox is full, the mail was too long under way (RFC 3463 §3.3, §3.5). */
const HEALING = new Set(["5.2.2", "5.4.7"]);

/** Without a code nobody said "never", so the address stays usable. */
function statusOf({ action, code = "" }: Extract<MailReport, { kind: "delivery" }>): SupplierStatus {
  return action === "failed" && HEALING.has(code) ? "temporary-failure" : deliveryReportStatus({ action, code });
}
