/**
 * A mailbox for everyone: a real SMTP server that takes any mail, shows it, and plays the recipient. Some recipients always behave the same
 * (`perm-fail@simulator.notify`), and faults can be asked for. It knows nothing of who sends to it.
 */
import PostalMime from "postal-mime";
import { errorFields, type Log } from "../../platform/log.ts";
import { type MailRecipient, type ReceivedMail, receiveMail, SmtpReply } from "../../platform/smtp/receive-mail.ts";
import { withInlinePictures } from "./inline-pictures.ts";
import { inBatches } from "./outbox-writer.ts";
import { type Postman, postmanTo } from "./postman.ts";
import { type DeliveryStatus, type ReportedMail, writeComplaint, writeDeliveryReport } from "./write-reports.ts";

const MAIL_MAX_BYTES = 5 * 1024 * 1024;
const NESTING_MAX = 64;

/** Headers worth showing beside a mail. */
const SHOWN_HEADERS = [
  "message-id",
  "reply-to",
  "list-unsubscribe",
  "list-unsubscribe-post",
  "dkim-signature",
  "auto-submitted",
];

export interface MailboxMail {
  to: string;
  /** As the recipient sees it: `Name <address>`. */
  from: string;
  subject: string;
  text: string;
  html: string;
  headers: Record<string, string>;
  at: Date;
}

/** What goes wrong on purpose. Every: 3 means the third, sixth, ninth mail …; 0 or none: never. */
export interface MailboxFaults {
  delayMs?: number;
  temporaryRefusalEvery?: number;
  permanentRefusalEvery?: number;
  hangUpEvery?: number;
}

export interface MailboxOptions {
  host: string;
  port: number;
  /** Keeps a batch of mails; a mail is acknowledged only once it is kept. */
  outbox?: (mails: MailboxMail[]) => Promise<void>;
  faults?: MailboxFaults;
  /** Where delivery reports and complaints go; without it the mailbox sends none, and does not announce DSN. */
  bounceTo?: { host: string; port: number };
  log: Log;
}

export interface Mailbox {
  port: number;
  setFaults(faults: MailboxFaults): void;
  stop(): Promise<void>;
}

/** Opens the mailbox; resolves once it listens, rejects when the port cannot be had. */
export async function startMailbox(options: MailboxOptions): Promise<Mailbox> {
  const postman = options.bounceTo === undefined ? undefined : postmanTo(options.bounceTo, options.log);
  const keep = inBatches(options.outbox ?? (async () => {}));
  const faulty = faultsInTurn(options.faults ?? {});
  const port = await receiveMail({
    host: options.host,
    port: options.port,
    name: "mailbox.sandbox.invalid",
    mailMaxBytes: MAIL_MAX_BYTES,
    announcesDsn: postman !== undefined,
    onMail: async (mail) => {
      await faulty.next(mail);
      await takeIn(mail, { keep, postman, log: options.log });
    },
    log: options.log,
  });
  return {
    port: port.port,
    setFaults: faulty.set,
    stop: async () => {
      await port.stop();
      postman?.stop();
    },
  };
}

function faultsInTurn(initial: MailboxFaults) {
  let faults = initial;
  let count = 0;
  const isTurn = (every: number | undefined) => every !== undefined && every > 0 && count % every === 0;
  return {
    set: (changed: MailboxFaults) => {
      faults = changed;
      count = 0;
    },
    next: async (mail: ReceivedMail) => {
      count += 1;
      const { hangUpEvery, permanentRefusalEvery, temporaryRefusalEvery, delayMs = 0 } = faults;
      const [hangsUp, refuses, defers] = [hangUpEvery, permanentRefusalEvery, temporaryRefusalEvery].map(isTurn);
      if (delayMs > 0) await new Promise((resolve) => setTimeout(resolve, delayMs));
      if (hangsUp) {
        mail.hangUp();
        throw new SmtpReply(421, "4.3.2 Gone, as asked for");
      }
      if (refuses) throw new SmtpReply(550, "5.7.1 Refused, as asked for");
      if (defers) throw new SmtpReply(451, "4.7.1 Try again later, as asked for");
    },
  };
}

interface Household {
  keep: (mail: MailboxMail) => Promise<void>;
  postman: Postman | undefined;
  log: Log;
}

async function takeIn(mail: ReceivedMail, { keep, postman, log }: Household): Promise<void> {
  if (postman?.hasRoom() === false) throw new SmtpReply(452, "4.3.1 Too many reports are waiting");
  const at = new Date();
  const content = await parse(mail.raw, log);
  await Promise.all(mail.recipients.map(({ address }) => keep({ to: address, ...content, at })));
  if (postman === undefined || mail.from === "") return;
  for (const recipient of mail.recipients) {
    const reports = reportsOf({ recipient: recipient.address, raw: mail.raw, at }, mail.from, recipient);
    for (const report of reports) postman.post(mail.from, report);
  }
}

const FAILURES: Record<string, DeliveryStatus> = {
  "temp-fail@simulator.notify": {
    action: "failed",
    status: "4.2.2",
    diagnostic: "452 4.2.2 The recipient's mailbox is full; retry time exceeded",
  },
  "perm-fail@simulator.notify": { action: "failed", status: "5.1.1", diagnostic: "550 5.1.1 No such recipient" },
};
const COMPLAINS = "complaint@simulator.notify";
const DELIVERED: DeliveryStatus = { action: "delivered", status: "2.0.0", diagnostic: "250 2.0.0 Delivered" };

/** What this recipient and their mail system send back (RFC 3461 §4.1: failures, unless the sender asks otherwise). */
function reportsOf(mail: ReportedMail, returnPath: string, { notify = ["FAILURE"] }: MailRecipient): string[] {
  const recipient = mail.recipient.toLowerCase();
  const failure = FAILURES[recipient];
  const wanted = failure === undefined ? "SUCCESS" : "FAILURE";
  const status = notify.includes(wanted) ? [writeDeliveryReport(mail, failure ?? DELIVERED)] : [];
  return recipient === COMPLAINS ? [...status, writeComplaint(mail, returnPath)] : status;
}

type Content = Pick<MailboxMail, "from" | "subject" | "text" | "html" | "headers">;

async function parse(raw: Buffer, log: Log): Promise<Content> {
  try {
    const email = await PostalMime.parse(raw, { maxNestingDepth: NESTING_MAX, forceRfc822Attachments: true });
    const shown = email.headers.filter(({ key }) => SHOWN_HEADERS.includes(key));
    return {
      from: `${email.from?.name ?? ""} <${email.from?.address ?? ""}>`.trim(),
      subject: email.subject ?? "",
      text: email.text ?? "",
      html: withInlinePictures(email.html ?? "", email.attachments),
      headers: Object.fromEntries(shown.map(({ key, value }) => [key, value])),
    };
  } catch (error) {
    log.warn("mailbox.mail-not-readable", errorFields(error));
    throw new SmtpReply(554, "5.6.0 This message cannot be read");
  }
}
