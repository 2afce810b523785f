/** A letter as the Typst template reads it: JSON, in which everything that people wrote is a string that is only ever shown. */
import type { Letter, LetterBlock, LetterGeometry, LetterPart } from "../letter.ts";
import { measureList } from "../letter-list.ts";
import { LETTER_STYLE, PAGE_WORDS } from "../letter-style.ts";
import { describeQrCode, titleOf } from "../letter-words.ts";
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

function blockData(block: LetterBlock, part: LetterPart): object {
  switch (block.kind) {
    case "qr-code": {
      const code = qrCode(block.data);
      const description = describeQrCode(block.data, part);
      return { kind: block.kind, svg: qrCodeSvg(code), sizeMm: code.sizeMm, description };
    }
    case "gap":
      return { ...block, heightPt: LETTER_STYLE.emptyLinePt };
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
