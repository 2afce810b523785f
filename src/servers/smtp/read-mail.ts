/** A plain mail as another system submits it: a subject and words. What we would have to leave out is refused rather than passed over. */
import PostalMime, { type Email } from "postal-mime";
import { SmtpReply } from "../../platform/smtp/receive-mail.ts";

/** Deeper than any mail of a system's own making. */
const NESTING_MAX = 16;
const HEADERS_MAX_BYTES = 64 * 1024;

export interface PlainMail {
  subject: string;
  text: string;
  /** Addresses that answers are to go to, or that it is from. */
  answersTo: readonly string[];
  /** As the system calls it; undefined where it gives it no name (RFC 5322 §3.6.4). */
  messageId: string | undefined;
}

/** Throws the reply that says why it is not taken. */
export async function readMail(raw: Uint8Array): Promise<PlainMail> {
  const mail = await parse(raw);
  if (mail.attachments.length > 0) throw refused("5.6.1 Mail with attachments is not taken: send files by the API");
  const text = mail.text?.trim() ?? "";
  if (text === "") throw refused("5.6.1 Only plain text is taken, and this mail has none");
  const subject = mail.subject?.trim() ?? "";
  if (subject === "") throw refused("5.6.0 A mail needs a subject");
  const answersTo = [...(mail.replyTo ?? []), ...(mail.from ? [mail.from] : [])];
  return {
    ...{ subject, text, messageId: mail.messageId },
    answersTo: answersTo.flatMap(({ address }) => (address ? [address.toLowerCase()] : [])),
  };
}

async function parse(raw: Uint8Array): Promise<Email> {
  try {
    return await PostalMime.parse(raw, { maxNestingDepth: NESTING_MAX, maxHeadersSize: HEADERS_MAX_BYTES });
  } catch {
    throw refused("5.6.0 This message cannot be read");
  }
}

function refused(text: string): SmtpReply {
  return new SmtpReply(554, text);
}
