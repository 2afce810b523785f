/** A letter of a template, laid out for the typesetter: whose address stands in the window, and what stands on the pages. */
import type { TemplateText } from "../../core/channels/channel.ts";
import type { LetterBlock as ContentBlock, LetterContent } from "../../core/letter/letter-content.ts";
import { letterDate } from "../../core/letter/letter-date.ts";
import type { Personalisation } from "../../core/template/personalisation.ts";
import { type LetterWords, renderLetter } from "../../core/template/render-letter.ts";
import type { Letter, LetterBlock, LetterLogo } from "../../platform/pdf/letter.ts";

const HOME_TIME_ZONE = "Europe/London";

export interface LetterToLayOut {
  text: TemplateText;
  personalisation: Personalisation;
  addressLines: readonly string[];
  /** The day of it is printed. */
  createdAt: Date;
  logo?: LetterLogo | undefined;
}

export function layOutLetter({ text, personalisation, addressLines, createdAt, logo }: LetterToLayOut): Letter {
  const words = wordsOf(text);
  const date = letterDate(createdAt, { language: words[0].language, timeZone: HOME_TIME_ZONE });
  const parts = renderLetter({ addressLines, contactBlock: text.contactBlock, date }, words, personalisation);
  return { parts: parts.map(toPart), createdAt, ...(logo ? { logo } : {}) };
}

/** Of a letter in two languages the Welsh half is printed first. */
export function wordsOf({ subject, body, welsh }: TemplateText): [LetterWords, ...LetterWords[]] {
  const english: LetterWords = { language: "en", subject: subject ?? { segments: [] }, body };
  return welsh ? [{ language: "cy", ...welsh }, english] : [english];
}

function toPart(content: LetterContent): Letter["parts"][number] {
  return { ...content, blocks: content.blocks.map(toBlock) };
}

/** A code whose value is not given yet would lead nowhere: its line stands in its place. */
function toBlock(block: ContentBlock): LetterBlock {
  if (block.kind === "list") return { ...block, items: block.items.map((item) => item.map(toBlock)) };
  if (block.kind !== "qr-code" || !block.isPlaceholder) return block;
  return { kind: "paragraph", content: [{ kind: "text", text: `qr: ${block.data}`, isPlaceholder: true }] };
}
