/**
 * An email as a mailbox will show it, while it is being written: a whole document for a frame of its own. The same code runs on the
 * server and in the author's browser.
 */
import { type BrandHeader, renderEmailDocument } from "../../../../core/template/email-document.ts";
import { highlightPlaceholders } from "../../../../core/template/highlight-placeholders.ts";
import { fillIn, parseTemplate } from "../../../../core/template/placeholders.ts";
import { renderEmailHtml, renderEmailPlainText, renderSubject } from "../../../../core/template/render-email.ts";
import { type Example, personalisationOf } from "./examples.ts";

export const EMAIL_VIEWS = ["light", "dark", "plain"] as const;
export type EmailView = (typeof EMAIL_VIEWS)[number];

export interface EmailToPreview {
  subject: string;
  body: string;
  hasUnsubscribeLink: boolean;
  examples: readonly Example[];
  /** Who it comes from. */
  sender: { name: string; address: string };
  brand: BrandHeader | undefined;
}

/** Where the link of a preview leads: a name that never leads anywhere (RFC 2606 §2). */
const UNSUBSCRIBE_URL = "https://unsubscribe.example/";
const DARK_RULES = "@media (prefers-color-scheme: dark)";

/** What mailboxes put round an email, and how placeholders stand out. Colours keep to WCAG AA on both grounds. */
const STYLES = {
  light: ":root { color-scheme: light; } body { background: #ffffff; color: #0b0c0c; }",
  dark: ":root { color-scheme: dark; } body { background: #14161a; color: #f2f2f2; }",
  plain: ":root { color-scheme: light; } body { background: #ffffff; color: #0b0c0c; }",
} as const satisfies Record<EmailView, string>;
const SHARED_STYLES = `
.pp-mailbox { padding: 12px 15px; border-bottom: 1px solid #8a8f94; font: 16px/1.4 Helvetica, Arial, sans-serif; }
.pp-mailbox > * { margin: 0; overflow-wrap: anywhere; } .pp-subject { font-size: 20px; font-weight: bold; }
.placeholder, .placeholder-conditional, mark { background: #fff2b3; color: #0b0c0c; }
.pp-plain { margin: 0; padding: 15px; font: 16px/1.5 monospace; white-space: pre-wrap; overflow-wrap: anywhere; }
.content { overflow-wrap: anywhere; }`;

/** The document to show. It holds no scripts, and loads nothing but the logo. */
export function previewEmail(email: EmailToPreview, view: EmailView): string {
  const head = `<base target="_blank">\n<style>${STYLES[view]}${SHARED_STYLES}</style>\n</head>`;
  return documentOf(email, view)
    .replace("</head>", () => head)
    .replace(/<body[^>]*>/, (body) => `${body}\n<main>\n${mailboxLine(email)}`)
    .replace("</body>", "</main>\n</body>");
}

function documentOf(email: EmailToPreview, view: EmailView): string {
  const subject = subjectOf(email);
  if (view === "plain") return plainDocument(subject, plainTextOf(email));
  const html = renderEmailHtml({
    body: parseTemplate(email.body),
    personalisation: personalisationOf(email.examples),
    unsubscribeUrl: unsubscribeUrlOf(email),
  });
  const document = renderEmailDocument({ subject, preheader: "", html, brand: email.brand });
  return document.replace(DARK_RULES, view === "dark" ? "@media all" : "@media not all");
}

/** Filled before it is laid out, so that a placeholder without a value stands as typed. */
function plainTextOf(email: EmailToPreview): string {
  const text = fillIn(parseTemplate(email.body), personalisationOf(email.examples), { lists: "bullets" });
  const body = { segments: [{ kind: "text", text }] } as const;
  return renderEmailPlainText({ body, personalisation: {}, unsubscribeUrl: unsubscribeUrlOf(email) });
}

function unsubscribeUrlOf({ hasUnsubscribeLink }: EmailToPreview): string | undefined {
  return hasUnsubscribeLink ? UNSUBSCRIBE_URL : undefined;
}

function plainDocument(subject: string, text: string): string {
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeAll(subject)}</title>
</head>
<body style="margin: 0;">
<pre class="pp-plain">${marked(text)}</pre>
</body>
</html>
`;
}

function mailboxLine(email: EmailToPreview): string {
  const { name, address } = email.sender;
  const subject = marked(subjectOf(email));
  return `<div class="pp-mailbox"><p>${escapeAll(name)} &lt;${escapeAll(address)}&gt;</p><h1 class="pp-subject">${subject}</h1></div>`;
}

function subjectOf({ subject, examples }: EmailToPreview): string {
  return renderSubject(parseTemplate(subject), personalisationOf(examples));
}

function marked(text: string): string {
  return highlightPlaceholders(text)
    .map((piece) => (piece.kind === "text" ? escapeAll(piece.text) : `<mark>${escapeAll(piece.text)}</mark>`))
    .join("");
}

const ESCAPED: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

/** Text as it is: unlike in a template's markdown, a character reference is no character here. */
function escapeAll(text: string): string {
  return text.replace(/[&<>"]/g, (character) => ESCAPED[character] ?? character);
}
