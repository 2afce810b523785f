/** A letter as the Typst template reads it: JSON, in which everything that people wrote is a string that is only ever shown. */
import type { Letter, LetterBlock, LetterGeometry, LetterPart } from "../letter.ts";
import { measureList } from "../letter-list.ts";
import { LETTER_STYLE, PAGE_WORDS } from "../letter-style.ts";
import { plainWords } from "../prepare-letter.ts";
import { qrCode, qrCodeSvg } from "../qr-code.ts";

/** The template finds the logo's picture under this name. */
export const LOGO_PATHS = { svg: "/logo.svg", png: "/logo.png", jpeg: "/logo.jpg" } as const;

export function typstData(letter: Letter, geometry: LetterGeometry): string {
  const { logo, parts, cornerTag } = letter;
  return JSON.stringify({
    style: LETTER_STYLE,
    geometry,
    title: titleOf(parts),
    cornerTag: cornerTag ?? null,
    logo: logo ? { path: LOGO_PATHS[logo.format], description: logo.description } : null,
    parts: parts.map((part) => ({
      ...part,
      words: PAGE_WORDS[part.language],
      blocks: part.blocks.map((block) => blockData(block, part)),
    })),
  });
}

/** PDF/UA asks for one; a letter without a subject is called a letter. */
export function titleOf(parts: readonly LetterPart[]): string {
  const [first] = parts;
  return (first && plainWords(first.subject)) || PAGE_WORDS[first?.language ?? "en"].letter;
}

function blockData(block: LetterBlock, part: LetterPart): object {
  switch (block.kind) {
    case "qr-code": {
      const code = qrCode(block.data);
      const description = describeQrCode(block.data, part);
      return { kind: block.kind, svg: qrCodeSvg(code), sizeMm: code.sizeMm, description };
    }
    case "gap":
      return { ...block, heightPt: gapHeightPt() };
    case "list":
      return {
        ...block,
        ...measureList(block),
        items: block.items.map((item) => item.map((inner) => blockData(inner, part))),
      };
    default:
      return block;
  }
}

/** Read aloud to people who cannot scan it. */
export function describeQrCode(data: string, { language }: LetterPart): string {
  return `${PAGE_WORDS[language].qrCode}: ${data}`;
}

/** With the space around it, an empty line is as high as a line. */
export function gapHeightPt(): number {
  return LETTER_STYLE.body.sizePt - LETTER_STYLE.paragraphGapPt;
}
