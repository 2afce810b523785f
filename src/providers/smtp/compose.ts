/**
 * Writes an email as it goes over the wire: text and HTML as alternatives (RFC 2046 §5.1.4), a logo beside the HTML that shows it (RFC 2387),
 * the fields of one-click unsubscription (RFC 8058), and a Message-ID that comes back in replies and complaints.
 */
import { domainToASCII } from "node:url";
import MailComposer from "nodemailer/lib/mail-composer";
import type { EmailMessage, InlinePicture } from "../provider.ts";

/** `token` names the notification in whatever comes back about the mail. Lines end in CRLF; no line is longer than SMTP allows. */
export function composeMail(message: EmailMessage, token: string): Promise<Buffer> {
  const composer = new MailComposer({
    from: { name: message.from.name, address: message.from.address },
    to: { name: "", address: message.to },
    ...(message.replyTo === undefined ? {} : { replyTo: { name: "", address: message.replyTo } }),
    subject: message.subject,
    text: message.plainText,
    html: message.html,
    ...(message.logo === undefined ? {} : { attachments: [attached(message.logo)] }),
    messageId: `<${token}@${asciiDomain(message.from.address)}>`,
    headers: { ...AUTOMATIC, ...unsubscribeHeaders(message.oneClickUnsubscribeUrl) },
    newline: "win",
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return composer.compile().build();
}

/** Inline: mail programs do not list it among the files of the mail. */
function attached({ contentId, filename, bytes }: InlinePicture) {
  return { cid: contentId, filename, content: bytes, contentType: "image/png", contentDisposition: "inline" } as const;
}

/** Keeps out-of-office programs from answering (RFC 3834 §5): nobody reads at the return path. */
const AUTOMATIC = { "Auto-Submitted": "auto-generated" };

function unsubscribeHeaders(url: string | undefined): Record<string, string | { prepared: true; value: string }> {
  if (url === undefined) return {};
  // Prepared: folded or encoded in the usual way, a long address would no longer be one.
  return {
    "List-Unsubscribe": { prepared: true, value: `<${harmless(url)}>` },
    "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
  };
}

/** An address cannot end the brackets it stands in, nor the header line. */
function harmless(url: string): string {
  return url.replace(/[^\x21-\x7e]|[<>]/gu, encodeURIComponent);
}

/** The part after the @, in the form that DNS and old mail systems read (RFC 5890). */
export function asciiDomain(address: string): string {
  return domainToASCII(address.slice(address.lastIndexOf("@") + 1));
}
