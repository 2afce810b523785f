/** Letters that are only looked at: set on paper as they would be printed, with the names of values that are still missing, and drawn. */
import { previewAddressLines } from "../../core/address/preview-address.ts";
import { inkAreas } from "../../core/letter/page-geometry.ts";
import { findTooLongQrPayload, QR_PAYLOAD_MAX_BYTES } from "../../core/letter/qr-payload.ts";
import { LETTER_PAGES_MAX, sheetsOf } from "../../core/letter/sheets.ts";
import { Refusal } from "../../core/refusal.ts";
import type { Personalisation } from "../../core/template/personalisation.ts";
import { renderLetterBlocks } from "../../core/template/render-letter.ts";
import type { Inspection, InspectionRules } from "../../platform/pdf/inspect/inspection.ts";
import type { Letter, LetterLogo } from "../../platform/pdf/letter.ts";
import type { LetterTypesetter } from "../../platform/pdf/letter-typesetter.ts";
import type { PdfInspector } from "../../platform/pdf/pdf-inspector.ts";
import { getPrintTimetable } from "../../records/deployment/print-settings.ts";
import type { TemplateVersion } from "../../records/templates/template.ts";
import type { App } from "../app.ts";
import { parseTemplateText } from "../rendering.ts";
import { composeLetter, wordsOfLetter } from "./compose-letter.ts";

/** Ten pages of print are a third of it. */
const WORDS_MAX_CHARACTERS = 100_000;
/** Sharp enough to be read on a screen. */
const DOTS_PER_INCH = 110;
/** Looked at in one process at the same time; who comes later is told to try again. */
const AT_ONCE_MAX = 12;

export type LetterTemplateWords = Pick<
  TemplateVersion,
  "subject" | "body" | "contactBlock" | "welshSubject" | "welshBody"
>;

export interface LetterToPreview {
  words: LetterTemplateWords;
  /** Also the lines of the address, as requests to the API name them. */
  personalisation: Personalisation;
  logo?: LetterLogo | undefined;
  /** A PDF whose pages follow the letter's own. */
  attachment?: Uint8Array | undefined;
}

export interface PreviewedLetter {
  pdf: Uint8Array;
  pages: number;
  sheets: number;
  /** So long that it would not be printed. */
  isTooLong: boolean;
}

export interface PicturesWish {
  pages: number;
  /** Shows where ink is that cannot be printed. */
  marksInk?: boolean | undefined;
  /** They are to follow a letter, so no page of theirs shows in the window. */
  followsLetter?: boolean | undefined;
}

export interface LetterPreviews {
  /** Refuses words that no letter can be made of. */
  set(letter: LetterToPreview): Promise<PreviewedLetter>;
  /** What is in a PDF from outside. */
  inspect(pdf: Uint8Array, rules: InspectionRules): Promise<Inspection>;
  /** The first pages of a letter as PNG; none of a file whose pages cannot be drawn. */
  draw(pdf: Uint8Array, wish: PicturesWish): Promise<readonly Buffer[]>;
}

export interface LetterTools {
  typesetter: LetterTypesetter;
  inspector: PdfInspector;
}

export function createLetterPreviews(
  app: Pick<App, "clock" | "db">,
  { typesetter, inspector }: LetterTools,
): LetterPreviews {
  let underWay = 0;
  const inTurn = async <T>(work: () => Promise<T>): Promise<T> => {
    if (underWay >= AT_ONCE_MAX) throw new Refusal("unavailable", "Too many letters are being looked at; try again");
    underWay += 1;
    return work().finally(() => {
      underWay -= 1;
    });
  };
  return {
    set: async (wish) => {
      const letter = await letterFor(app, wish);
      const { pdf, pages } = await inTurn(() => typesetter.typeset(letter));
      return { pdf, pages, sheets: sheetsOf(pages), isTooLong: pages > LETTER_PAGES_MAX };
    },
    inspect: (pdf, rules) => inTurn(() => inspector.inspect(pdf, rules)),
    draw: (pdf, wish) => inTurn(() => drawPages(inspector, pdf, wish)),
  };
}

async function letterFor({ clock, db }: Pick<App, "clock" | "db">, wish: LetterToPreview): Promise<Letter> {
  const { words, personalisation, logo, attachment } = wish;
  refuseIfTooMuch(words);
  const text = parseTemplateText({ ...words, subject: words.subject ?? "" });
  for (const { body } of wordsOfLetter(text)) refuseIfUnreadable(body, personalisation);
  const addressLines = previewAddressLines(personalisation);
  const { timeZone } = await getPrintTimetable(db);
  return composeLetter(text, { addressLines, personalisation, createdAt: clock.now(), timeZone, logo, attachment });
}

function refuseIfTooMuch({ body, welshBody }: LetterTemplateWords): void {
  if (body.length + (welshBody?.length ?? 0) <= WORDS_MAX_CHARACTERS) return;
  throw new Refusal("invalid", `A letter can have up to ${LETTER_PAGES_MAX} pages: this is far more`);
}

function refuseIfUnreadable(body: Parameters<typeof renderLetterBlocks>[0], personalisation: Personalisation): void {
  if (!findTooLongQrPayload({ blocks: renderLetterBlocks(body, personalisation) })) return;
  throw new Refusal("invalid", `A QR code holds up to ${QR_PAYLOAD_MAX_BYTES} characters: one of these is longer`);
}

async function drawPages(inspector: PdfInspector, pdf: Uint8Array, wish: PicturesWish): Promise<Buffer[]> {
  const pictures: Buffer[] = [];
  for (let page = 1; page <= Math.min(wish.pages, LETTER_PAGES_MAX); page += 1) {
    const marks = wish.marksInk ? { inkAreas: inkAreas(wish.followsLetter ? page + 1 : page) } : {};
    const picture = await inspector.picture({ pdf, page, dotsPerInch: DOTS_PER_INCH, ...marks });
    if (picture.kind === "unreadable") break;
    pictures.push(Buffer.from(picture.png));
  }
  return pictures;
}
