/** A letter as the typesetter takes it: the words of its template version, filled with its own values. */

import type { LetterContent } from "../../core/letter/letter-content.ts";
import { letterDate } from "../../core/letter/letter-date.ts";
import { type LetterWords, renderLetter } from "../../core/template/render-letter.ts";
import type { Letter } from "../../platform/pdf/letter.ts";
import type { TemplateVersion } from "../../records/templates/template.ts";
import { templateText } from "../rendering.ts";

/** By which printers know where a letter begins. */
const CORNER_TAG = "NOTIFY";

export interface LetterValues {
  addressLines: readonly string[];
  personalisation: Record<string, string | string[]>;
  createdAt: Date;
  /** IANA name: the letter is dated by clocks there. */
  timeZone: string;
}

/** A bilingual letter is two parts, the Welsh first. */
export function composeLetter(template: TemplateVersion, values: LetterValues): Letter {
  const { addressLines, personalisation, createdAt, timeZone } = values;
  const words = wordsOf(template);
  const date = letterDate(createdAt, { language: words[0].language, timeZone });
  const { contactBlock } = templateText(template);
  const parts: readonly LetterContent[] = renderLetter({ addressLines, contactBlock, date }, words, personalisation);
  return { parts, createdAt, cornerTag: CORNER_TAG };
}

function wordsOf(template: TemplateVersion): [LetterWords, ...LetterWords[]] {
  const { subject, body, welsh } = templateText(template);
  if (!subject) throw new Error("a letter template without a subject");
  const english: LetterWords = { language: "en", subject, body };
  return welsh ? [{ language: "cy", ...welsh }, english] : [english];
}
