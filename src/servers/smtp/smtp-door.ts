/**
 * The door for systems that only send mail: SMTP submission (RFC 6409). Whoever signs in with a service's id and one of its API keys has
 * plain mail sent as that service's emails, to each of its recipients by itself. 250 means that all of them are durable.
 *
 *     const door = await startSmtpDoor({ intake, host: "127.0.0.1", port: 2587, tls: undefined });
 */
import { type EmailAddress, parseEmailAddress } from "../../core/email/parse-email-address.ts";
import { Refusal, type RefusalKind } from "../../core/refusal.ts";
import { accept, decide, type Intake } from "../../flow/intake/accept.ts";
import { freeEmail } from "../../flow/intake/free-email.ts";
import { answerOnce } from "../../flow/intake/idempotency.ts";
import { refuseIfSuppressed } from "../../flow/intake/refuse-suppressed.ts";
import type { SendRequest } from "../../flow/intake/send-request.ts";
import { getSendableTemplate } from "../../flow/intake/sendable-template.ts";
import { findKeyHolder, findKeyHolderAgain, type KeyHolder } from "../../flow/keys/find-key-holder.ts";
import { isDatabaseAway } from "../../platform/db.ts";
import { blindIndex } from "../../platform/sealing.ts";
import { type MailPort, type ReceivedMail, receiveMail, SmtpReply } from "../../platform/smtp/receive-mail.ts";
import { type PlainMail, readMail } from "./read-mail.ts";

/** Words alone: two megabytes is what an email of ours may be. */
const MAIL_MAX_BYTES = 2 * 1024 * 1024;
const NAME = "pennypost";

export interface SmtpDoorOptions {
  intake: Intake;
  host: string;
  /** 0 for any free port. */
  port: number;
  /** Certificate and key in PEM; with them a password is heard only after STARTTLS. */
  tls: { cert: string; key: string } | undefined;
}

/** Rejects when the port is taken. */
export function startSmtpDoor({ intake, ...options }: SmtpDoorOptions): Promise<MailPort> {
  return receiveMail({
    ...options,
    name: NAME,
    mailMaxBytes: MAIL_MAX_BYTES,
    log: intake.log,
    signIn: async (who) => {
      const holder = await findKeyHolder(intake, who);
      if (!holder) intake.log.warn("smtp.sign-in-refused", {});
      return holder && `${holder.service.id} ${holder.key.id}`;
    },
    onRecipient: (address) => void getAddress(address),
    onMail: (mail) => take(intake, mail),
  });
}

function getAddress(text: string): EmailAddress {
  const address = parseEmailAddress(text);
  if (typeof address === "string") throw new SmtpReply(553, "5.1.3 This is not an email address");
  return address;
}

async function take(intake: Intake, mail: ReceivedMail): Promise<void> {
  const [serviceId = "", keyId = ""] = mail.user.split(" ");
  const holder = await findKeyHolderAgain(intake, { serviceId, keyId, address: mail.clientAddress });
  if (!holder) throw new SmtpReply(535, "5.7.8 The name or the password is wrong");
  const read = await readMail(mail.raw);
  try {
    await sendToAll(intake, holder, { read, addresses: mail.recipients.map(({ address }) => getAddress(address)) });
  } catch (error) {
    throw replyTo(error);
  }
}

/** Whoever may not be sent to is found before anybody is: the reply is for all recipients at once. */
async function sendToAll(
  intake: Intake,
  { service, key }: KeyHolder,
  { read, addresses }: { read: PlainMail; addresses: readonly EmailAddress[] },
): Promise<void> {
  const words = await freeEmail(intake, service.id, read);
  const wanted = { service, templateId: words.templateId, channel: "email", isFreeText: true } as const;
  const template = await getSendableTemplate(intake.templates, wanted);
  const requests = addresses.map((address) => sendRequest({ service, key }, { read, address, words }));
  for (const request of requests) {
    await decide(intake, request, template);
    await refuseIfSuppressed(intake, request, "message");
  }
  for (const request of requests) {
    await intake.rateLimit.take(service, key.kind);
    await intake.dailyLimits.refuseIfChannelReached(service, key.kind, "email");
    await sendOnce(intake, { service, key }, { read, request });
  }
}

function sendRequest(
  { service, key }: KeyHolder,
  { read, address, words }: { read: PlainMail; address: EmailAddress; words: Awaited<ReturnType<typeof freeEmail>> },
): SendRequest {
  const replyTo = service.replyToAddresses.find((one) => read.answersTo.includes(one.address.toLowerCase()));
  return {
    ...{ service, key, recipient: { channel: "email", address }, ...words, senderId: replyTo?.id },
    ...{ files: undefined, sanitiseContentFor: [], reference: undefined, oneClickUnsubscribeUrl: undefined },
    ...{ priority: undefined, scheduledFor: undefined, validForSeconds: undefined, callbackUrl: undefined },
    ...{ isFlash: false, idempotency: undefined },
  };
}

/** A system that did not hear our yes sends the mail again, under the same Message-ID: for a day that is the same mail. */
async function sendOnce(
  intake: Intake,
  { service, key }: KeyHolder,
  { read, request }: { read: PlainMail; request: SendRequest },
): Promise<void> {
  if (read.messageId === undefined || request.recipient.channel !== "email")
    return void (await accept(intake, request));
  const hashOf = (what: string) => blindIndex(intake.keys.searchIndex, what);
  const once = {
    keyHash: hashOf(`mail ${read.messageId} to ${request.recipient.address.normalised}`),
    bodyHash: hashOf(`mail of ${read.subject}\n${read.text}`),
  };
  await answerOnce(intake, { service, keyKind: key.kind, ...once }, () =>
    accept(intake, { ...request, idempotency: once }),
  );
}

/** RFC 3463, RFC 4954. What may be taken later is asked to come again; the rest is not. */
const REPLIES: Record<RefusalKind, readonly [code: number, enhanced: string]> = {
  "bad-request": [554, "5.7.1"],
  "pdf-not-ready": [554, "5.7.1"],
  invalid: [554, "5.6.0"],
  "invalid-phone": [554, "5.7.1"],
  unauthenticated: [535, "5.7.8"],
  "not-authorised": [554, "5.7.1"],
  forbidden: [554, "5.7.1"],
  "not-found": [554, "5.7.1"],
  suppressed: [550, "5.7.1"],
  "not-verified": [554, "5.7.1"],
  conflict: [451, "4.3.0"],
  "rate-limited": [451, "4.7.0"],
  "limit-reached": [452, "4.7.0"],
  "not-covered": [452, "4.7.0"],
  unavailable: [451, "4.3.0"],
};

function replyTo(error: unknown): unknown {
  if (isDatabaseAway(error)) return new SmtpReply(451, "4.3.0 Not now, please try again later");
  if (!(error instanceof Refusal)) return error;
  const [code, enhanced] = REPLIES[error.kind];
  return new SmtpReply(code, `${enhanced} ${error.message.replace(/\s+/g, " ")}`);
}
