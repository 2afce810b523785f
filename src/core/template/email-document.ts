/**
 * The HTML document of an email as sent. Mail programs support little: one table sets the width, styles are inline, and the style sheet only
 * adds what may be lost, which is dark mode and small screens. Nothing is fetched from anywhere: a logo goes along with the email.
 */
import { type BrandStyle, brandColours, shownSize, textColourOn } from "../email/email-brand.ts";
import { escapeAttribute, escapeText } from "./html-text.ts";

const DEFAULT_LANGUAGE = "en";
const WIDTH_PX = 580;
const FONT = "font-family: Helvetica, Arial, sans-serif;";
const HIDDEN =
  "display: none; max-height: 0; max-width: 0; overflow: hidden; opacity: 0; font-size: 1px; line-height: 1px; color: transparent;";
/** Fills the line that inboxes show, so that a short preheader is not followed by the start of the message. */
const FILLER = "&#847;&zwnj;&nbsp;".repeat(80);

const STYLE_SHEET = `
:root { color-scheme: light dark; supported-color-schemes: light dark; }
body { margin: 0; padding: 0; -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
@media (max-width: ${WIDTH_PX + 40}px) {
  .content, .brand { padding-left: 16px !important; padding-right: 16px !important; }
}
@media (prefers-color-scheme: dark) {
  body, .page { background: #14161a !important; }
  .content, .content p, .content li, .content h2, .content h3, .content blockquote, .sender { color: #f2f2f2 !important; }
  .content a { color: #8ab8ff !important; }
  .content hr { background: #5a5f66 !important; }
  .content blockquote, .sender { border-color: #5a5f66 !important; }
}`;

/** A logo above the message. It stands on a ground of its own, so that it looks the same in dark mode. */
export interface BrandHeader {
  /** Where the picture is: `cid:` in an email that takes it along (RFC 2392). */
  readonly src: string;
  /** Of the picture itself, in pixels. */
  readonly width: number;
  readonly height: number;
  /** Plain text; mail programs that show no pictures show it in their place. */
  readonly alternativeText: string;
  /** "#00573f" */
  readonly colour?: string | undefined;
  readonly style: BrandStyle;
}

export interface EmailDocument {
  /** Plain text. */
  readonly subject: string;
  /** HTML text, from `renderEmailParts`. */
  readonly preheader: string;
  /** HTML, from `renderEmailParts`. */
  readonly html: string;
  /** The language of the message (BCP 47), for screen readers and translation: "cy". English if not said. */
  readonly language?: string | undefined;
  /** Shown above the message; plain text. Nothing is shown without it. */
  readonly senderName?: string | undefined;
  readonly brand?: BrandHeader | undefined;
}

/** A whole document.  renderEmailDocument({ subject: "Hello", preheader: "", html: "<p>Hello</p>" }) */
export function renderEmailDocument(email: EmailDocument): string {
  const language = escapeAttribute(escapeText(email.language ?? DEFAULT_LANGUAGE));
  return `<!DOCTYPE html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<meta name="format-detection" content="telephone=no, date=no, address=no, email=no">
<title>${escapeText(email.subject)}</title>
<style>${STYLE_SHEET}
</style>
</head>
<body class="page" style="margin: 0; padding: 0; background: #ffffff; ${FONT}">
${preheader(email.preheader)}<div role="article" aria-roledescription="email" lang="${language}">
${table(email)}
</div>
</body>
</html>
`;
}

function preheader(text: string): string {
  return text === "" ? "" : `<div style="${HIDDEN}">${text}${FILLER}</div>\n`;
}

function table({ senderName, html, brand }: EmailDocument): string {
  return `<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="border-collapse: collapse;">
<tr><td align="center" style="padding: 0;">
<table role="presentation" width="${WIDTH_PX}" cellpadding="0" cellspacing="0" border="0" style="width: 100%; max-width: ${WIDTH_PX}px; border-collapse: collapse;">
${banner(brand)}${header(senderName)}<tr><td class="content" align="left" style="padding: 30px 10px; ${FONT} font-size: 19px; line-height: 25px; color: #0B0C0C;">
${html}
</td></tr>
</table>
</td></tr>
</table>`;
}

function banner(brand: BrandHeader | undefined): string {
  if (!brand) return "";
  const { ground, bar } = brandColours({ colour: brand.colour, style: brand.style });
  const { width, height } = shownSize(brand);
  const words = `${FONT} font-size: 19px; line-height: 25px; font-weight: bold; color: ${textColourOn(ground)};`;
  const [src, alt] = [brand.src, brand.alternativeText].map((text) => escapeAttribute(escapeText(text)));
  const style = `display: block; border: 0; max-width: 100%; height: auto; ${words}`;
  const picture = `<img src="${src}" width="${width}" height="${height}" alt="${alt}" style="${style}">`;
  const inside = bar === undefined ? picture : withBar(picture, bar, words);
  return `<tr><td class="brand" align="left" bgcolor="${ground}" style="padding: 15px 10px; background: ${ground}; ${words}">${inside}</td></tr>\n`;
}

/** A cell of its own: mail programs that know no margins do know its border. */
function withBar(picture: string, colour: string, words: string): string {
  const cell = `<td style="padding: 0 0 0 12px; border-left: 4px solid ${colour}; ${words}">${picture}</td>`;
  return `<table role="presentation" cellpadding="0" cellspacing="0" border="0"><tr>${cell}</tr></table>`;
}

function header(senderName: string | undefined): string {
  if (!senderName) return "";
  const style = `padding: 20px 10px 12px; ${FONT} font-size: 19px; line-height: 25px; font-weight: bold; color: #0B0C0C;`;
  return `<tr><td class="content sender" align="left" style="${style} border-bottom: 1px solid #B1B4B6;">${escapeText(senderName)}</td></tr>\n`;
}
