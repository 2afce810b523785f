/** What is looked for in PDFs that are to be printed. */
import type { SuppliedLetter } from "../../core/letter/check-supplied-letter.ts";
import { ADDRESS_SEARCH_AREA, inkAreas } from "../../core/letter/page-geometry.ts";
import { LETTER_PAGES_MAX } from "../../core/letter/sheets.ts";
import type { Inspection, InspectionRules } from "../../platform/pdf/inspect/inspection.ts";

/** An invisible word by which printers know where a letter begins: on any other page it would part a letter in two. */
export const CORNER_TAG = "NOTIFY";

/** Of a letter as a whole. */
export const LETTER_RULES: InspectionRules = {
  pagesMax: LETTER_PAGES_MAX,
  inkAreas: { firstPage: inkAreas(1), otherPages: inkAreas(2) },
  textArea: ADDRESS_SEARCH_AREA,
  cornerTag: CORNER_TAG,
};

/** Of pages behind a letter: none of them shows in the window. */
export const ATTACHMENT_RULES: InspectionRules = {
  ...LETTER_RULES,
  inkAreas: { firstPage: inkAreas(2), otherPages: inkAreas(2) },
};

/** What was found, as the checks take it. A file that no reader gets through is unreadable, whatever the reader died of. */
export function asSupplied(inspection: Inspection): SuppliedLetter {
  return inspection.kind === "read" ? inspection : { kind: inspection.kind };
}
