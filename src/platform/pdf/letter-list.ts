/** What both engines have to agree on about lists: how far items stand apart and how wide their numbers are. */
import type { LetterBlock } from "./letter.ts";
import { LETTER_STYLE } from "./letter-style.ts";

/** Between items of plain lines. */
const TIGHT_GAP_PT = 2;
/** For each digit after a number's first. */
const DIGIT_PT = 6.5;

export interface ListMeasures {
  /** Beyond the pitch of lines. */
  readonly itemGapPt: number;
  readonly markerPt: number;
}

export function measureList({ ordered, items }: LetterBlock & { kind: "list" }): ListMeasures {
  const isLoose = items.some((item) => item.some(({ kind }) => kind === "paragraph"));
  const digits = ordered ? String(items.length).length : 1;
  return {
    itemGapPt: isLoose ? LETTER_STYLE.paragraphGapPt : TIGHT_GAP_PT,
    markerPt: LETTER_STYLE.list.markerPt + (digits - 1) * DIGIT_PT,
  };
}
