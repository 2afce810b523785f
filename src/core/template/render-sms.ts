/** The words of a text message. */
import { type TextMode, toSmsText } from "../sms/text-mode.ts";
import type { Personalisation } from "./personalisation.ts";
import { fillIn, type ParsedTemplate } from "./placeholders.ts";

/**
 * A text as API answers and its recipient's phone show it, but for the service's name, which `withPrefix` puts in front when the text is
 * sent or billed.
 */
export function renderSmsBody(body: ParsedTemplate, personalisation: Personalisation, mode: TextMode): string {
  return toSmsText(fillIn(body, personalisation, { lists: "sentence" }), mode);
}
