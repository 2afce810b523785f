/**
 * Email through an SMTP relay (RFC 5321): the organisation's own server, or a supplier's.
 *
 * **When is a mail delivered?** A relay's 250 says only that it took the mail, and a final status is never taken back, so:
 * - without a domain for bounces nothing more will ever be heard: accepted counts as delivered at once;
 * - with one, and a relay that announces DSN (RFC 3461), the relay is asked for reports of success, failure and delay, and a mail is
 *   delivered when the relay says so (`delivered`, or `relayed` where the next system sends no reports). This is the setting to aim for;
 * - with one, and a relay without DSN, accepted counts as delivered at once too. Waiting for a bounce that may come in seconds or in
 *   days would keep every good mail in doubt, and a timer would not survive a restart; a bounce that comes is still
 *   reported, and is for whoever records receipts to keep as late news.
 *
 * The reference of a receipt or complaint is the notification's id: the return path, the envelope id and the Message-ID carry it, signed.
 */
import { errorFields } from "../../platform/log.ts";
import { type DkimSigner, dkimSigner } from "../../platform/smtp/dkim-sign.ts";
import { signReference, verpAddress } from "../../platform/smtp/verp.ts";
import type { EmailMessage, EmailProvider, Outcome } from "../provider.ts";
import { asciiDomain, composeMail } from "./compose.ts";
import type { SmtpProviderOptions } from "./options.ts";
import { outcomeOfError, type SmtpError } from "./outcome-of-error.ts";
import { type Envelope, Relay } from "./relay.ts";

/** A provider for one relay. Throws when a DKIM key cannot be used; a relay that is away is not an error. */
export function smtpProvider(options: SmtpProviderOptions): EmailProvider {
  const relay = new Relay(options);
  const signer = dkimSigner(options.dkim ?? []);
  const post = { options, relay, signer };
  return {
    name: options.name,
    start: async (events) => relay.start(events.availability),
    stop: () => relay.stop(),
    capacity: () => relay.capacity(),
    send: (message) => send(post, message),
  };
}

interface Post {
  options: SmtpProviderOptions;
  relay: Relay;
  signer: DkimSigner;
}

async function send(post: Post, message: EmailMessage): Promise<Outcome> {
  if (!ADDRESS.test(message.to)) return NO_ADDRESS;
  const mail = await write(post, message);
  if (mail === undefined) return UNWRITABLE;
  try {
    const { willReport } = await post.relay.send(mail.signed, mail.envelope);
    return { kind: "accepted", references: [message.notificationId], isDelivered: !willReport };
  } catch (error) {
    const { outcome, isRelayInDoubt } = outcomeOfError(error as SmtpError);
    if (isRelayInDoubt) post.relay.doubt();
    return outcome;
  }
}

/** One address that needs no quoting; nodemailer would tidy anything else into an address that nobody asked for. */
const ADDRESS = /^[^\s@<>()[\]\\,;:"]+@[^\s@<>()[\]\\,;:"]+$/;
const NO_ADDRESS: Outcome = {
  kind: "refused",
  reason: "The recipient is not an email address",
  code: "5.1.3",
  dueTo: "us",
};
const UNWRITABLE: Outcome = {
  kind: "refused",
  reason: "The message cannot be written as an email",
  code: "5.6.0",
  dueTo: "us",
};

/** The mail as it leaves, or undefined when it cannot be written: trying again would not help. */
async function write(
  { options, signer }: Post,
  message: EmailMessage,
): Promise<{ signed: Buffer; envelope: Envelope } | undefined> {
  try {
    const mail = await composeMail(message, tokenFor(message.notificationId, options));
    return { signed: await signer.sign(mail, message.from.address), envelope: envelopeFor(message, options) };
  } catch (error) {
    options.log.error("smtp.mail-not-written", { notificationId: message.notificationId, ...errorFields(error) });
    return undefined;
  }
}

/** What names the notification in bounces and complaints; it can be read back only where it was signed. */
function tokenFor(notificationId: string, { bounces }: SmtpProviderOptions): string {
  return bounces === undefined ? notificationId : signReference(notificationId, bounces.secret);
}

function envelopeFor(message: EmailMessage, { bounces }: SmtpProviderOptions): Envelope {
  if (bounces === undefined) return { from: message.from.address, to: message.to, reportAs: undefined };
  const reference = message.notificationId;
  const domain = asciiDomain(`@${bounces.domain}`);
  return {
    from: verpAddress({ reference, domain, secret: bounces.secret }),
    to: message.to,
    reportAs: signReference(reference, bounces.secret),
  };
}
