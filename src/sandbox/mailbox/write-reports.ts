/**
 * Writes what a receiving mail system sends back: delivery status notifications (RFC 3464) and complaints (RFC 5965).
 */

const HEADERS_RETURNED_MAX_BYTES = 16 * 1024;
const HEADER_END = "\r\n\r\n";

export interface ReportedMail {
  recipient: string;
  /** The mail as it came; only its headers go back. */
  raw: Buffer;
  at: Date;
}

export interface DeliveryStatus {
  action: "failed" | "delayed" | "delivered";
  /** RFC 3463. */
  status: string;
  /** What our mailbox would have answered. */
  diagnostic: string;
}

const MAILBOX_NAME = "mailbox.sandbox.invalid";
const FROM = `Mail Delivery System <mailer-daemon@${MAILBOX_NAME}>`;

/** A delivery status notification about `mail`, to its return path. */
export function writeDeliveryReport(mail: ReportedMail, { action, status, diagnostic }: DeliveryStatus): string {
  return multipartReport(mail, {
    reportType: "delivery-status",
    subject: action === "delivered" ? "Delivered" : "Undelivered Mail Returned to Sender",
    words: `This is the mail system of the sandbox.\r\n\r\nYour message was ${action}: ${diagnostic}`,
    fields: [
      `Reporting-MTA: dns; ${MAILBOX_NAME}`,
      `Arrival-Date: ${mailDate(mail.at)}`,
      "",
      `Final-Recipient: rfc822; ${mail.recipient}`,
      `Action: ${action}`,
      `Status: ${status}`,
      `Diagnostic-Code: smtp; ${diagnostic}`,
    ],
  });
}

/** A recipient's complaint about `mail`. */
export function writeComplaint(mail: ReportedMail, returnPath: string): string {
  return multipartReport(mail, {
    reportType: "feedback-report",
    subject: "Complaint about a message",
    words: "This is an abuse report for a message received by the sandbox.",
    fields: [
      "Feedback-Type: abuse",
      `User-Agent: ${MAILBOX_NAME}/1`,
      "Version: 1",
      `Original-Mail-From: <${returnPath}>`,
      `Original-Rcpt-To: <${mail.recipient}>`,
      `Arrival-Date: ${mailDate(mail.at)}`,
    ],
  });
}

interface Report {
  reportType: "delivery-status" | "feedback-report";
  subject: string;
  words: string;
  fields: string[];
}

/** Three parts: for people, for programs, and the headers it is about (RFC 6522). */
function multipartReport(mail: ReportedMail, report: Report): string {
  const boundary = `report-${mail.at.getTime().toString(36)}-${Math.random().toString(36).slice(2)}`;
  return [
    `From: ${FROM}`,
    `Date: ${mailDate(mail.at)}`,
    `Subject: ${report.subject}`,
    "Auto-Submitted: auto-replied",
    "MIME-Version: 1.0",
    `Content-Type: multipart/report; report-type=${report.reportType}; boundary="${boundary}"`,
    "",
    `--${boundary}`,
    "Content-Type: text/plain; charset=utf-8",
    "",
    report.words,
    "",
    `--${boundary}`,
    `Content-Type: message/${report.reportType}`,
    "",
    ...report.fields,
    "",
    `--${boundary}`,
    "Content-Type: text/rfc822-headers",
    "",
    headersOf(mail.raw),
    "",
    `--${boundary}--`,
    "",
  ].join("\r\n");
}

function headersOf(raw: Buffer): string {
  const head = raw.subarray(0, HEADERS_RETURNED_MAX_BYTES).toString("latin1");
  const end = head.indexOf(HEADER_END);
  return end === -1 ? head : head.slice(0, end);
}

/** RFC 5322 §3.3. */
function mailDate(date: Date): string {
  return date.toUTCString().replace("GMT", "+0000");
}
