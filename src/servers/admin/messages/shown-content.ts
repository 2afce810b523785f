/** What a message says, as pages show it: a text as a phone would, an email as a mailbox would. */
import type { HouseStyle } from "../../../core/channels/channel.ts";
import { textAsSent } from "../../../core/channels/sms.ts";
import { type HighlightedPiece, highlightPlaceholders } from "../../../core/template/highlight-placeholders.ts";
import { type SafeHtml, safeHtml } from "../../../platform/views.ts";
import type { EmailBanner } from "../branding/email-banner.ts";
import { emailHtml, sentEmailHtml } from "./email-html.ts";

export type ShownContent =
  | { isEmail: false; pieces: readonly HighlightedPiece[] }
  | { isEmail: true; subject: readonly HighlightedPiece[]; html: SafeHtml; banner: EmailBanner | undefined };

/** A text's words as rendered; placeholders without a value stand out. */
export function shownText(body: string, style: HouseStyle): ShownContent {
  return { isEmail: false, pieces: highlightPlaceholders(textAsSent(body, style)) };
}

/** A chat message as it was sent. */
export function shownChat(body: string): ShownContent {
  return { isEmail: false, pieces: highlightPlaceholders(body) };
}

/** A template's body with its values, under a subject that was rendered. */
export function shownEmail(
  subject: string | undefined,
  { body, values, banner }: { body: string; values: Readonly<Record<string, string>>; banner: EmailBanner | undefined },
): ShownContent {
  return mail(subject, safeHtml(emailHtml(body, values)), banner);
}

/** An email as it was sent. */
export function shownSentEmail(
  subject: string | undefined,
  { body, banner }: { body: string; banner: EmailBanner | undefined },
): ShownContent {
  return mail(subject, safeHtml(sentEmailHtml(body)), banner);
}

function mail(subject: string | undefined, html: SafeHtml, banner: EmailBanner | undefined): ShownContent {
  return { isEmail: true, subject: highlightPlaceholders(subject ?? ""), html, banner };
}
