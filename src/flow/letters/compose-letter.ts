/** A letter as the typesetter takes it: the words of a template, filled with the letter's own values. */

import type { TemplateText } from "../../core/channels/channel.ts";
import type { LetterBlock as ContentBlock, LetterContent } from "../../core/letter/letter-content.ts";
import { letterDate } from "../../core/letter/letter-date.ts";
import type { Personalisation } from "../../core/template/personalisation.ts";
import { type LetterWords, renderLetter } from "../../core/template/render-letter.ts";
import type { Letter, LetterBlock, LetterLogo, LetterPart } from "../../platform/pdf/letter.ts";
import { CORNER_TAG } from "./inspection-rules.ts";

export interface LetterValues {
  addressLines: readonly string[];
  personalisation: Personalisation;
  createdAt: Date;
  /** IANA name: the letter is dated by clocks there. */
  timeZone: string;
  logo: LetterLogo | undefined;
  /** A PDF whose pages follow the letter's own. */
  attachment: Uint8Array | undefined;
}

/** A bilingual letter is two parts, the Welsh first. */
export function composeLetter(text: TemplateText, values: LetterValues): Letter {
  const { addressLines, personalisation, createdAt, timeZone, logo, attachment } = values;
  const words = wordsOfLetter(text);
  const date = letterDate(createdAt, { language: words[0].language, timeZone });
  const parts = renderLetter({ addressLines, contactBlock: text.contactBlock, date }, words, personalisation);
  const enclosed = { ...(logo ? { logo } : {}), ...(attachment ? { attachments: [attachment] } : {}) };
  return { parts: parts.map(toPart), createdAt, cornerTag: CORNER_TAG, ...enclosed };
}

/** In the order in which its languages are printed. */
export function wordsOfLetter({ subject, body, welsh }: TemplateText): [LetterWords, ...LetterWords[]] {
  if (!subject) throw new Error("a letter template without a subject");
  const english: LetterWords = { language: "en", subject, body };
  return welsh ? [{ language: "cy", ...welsh }, english] : [english];
}

function toPart(content: LetterContent): LetterPart {
  return { ...content, blocks: content.blocks.map(toBlock) };
}

/** In a preview, a code whose value is not given yet would lead nowhere: its line stands in its place. */
function toBlock(block: ContentBlock): LetterBlock {
  if (block.kind === "list") return { ...block, items: block.items.map((item) => item.map(toBlock)) };
  if (block.kind !== "qr-code" || !block.isPlaceholder) return block;
  return { kind: "paragraph", content: [{ kind: "text", text: `qr: ${block.data}`, isPlaceholder: true }] };
}
