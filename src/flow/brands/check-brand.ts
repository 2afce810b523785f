/** What makes a brand: a picture that looks well where it is shown, words for it and, in emails, a colour. Checked before it is kept. */
import {
  BRAND_STYLES,
  type BrandPictureProblem,
  checkBrandPicture,
  parseHexColour,
  saysLogo,
} from "../../core/email/email-brand.ts";
import { checkLogo, type LogoProblem } from "../../core/letter/check-logo.ts";
import type { LetterLogo } from "../../platform/pdf/letter.ts";
import type { BrandedChannel, BrandPicture, BrandWords } from "../../records/brands/brand.ts";
import { type FormRefusal, fieldRefusal } from "../form-refusal.ts";
import type { LetterPreviews } from "../letters/preview-letter.ts";

const ALTERNATIVE_TEXT_MAX_CHARACTERS = 255;
const EMAIL_LOGO_MAX_BYTES = 2 * 1024 * 1024;
const LETTER_LOGO_MAX_BYTES = 1024 * 1024;

/** A brand as somebody fills it in. Fields of refusals have these names, but that of the picture is `logo`. */
export interface BrandWish {
  /** Undefined keeps the one there is. */
  picture: Buffer | undefined;
  alternativeText: string;
  /** As typed; none when it is empty. */
  colour: string;
  style: string;
}

/** Sets letters, to see whether one can be printed. */
export interface Printer {
  letters: Pick<LetterPreviews, "set">;
}

export function checkBrandWords(channel: BrandedChannel, wish: Omit<BrandWish, "picture">): BrandWords {
  const alternativeText = tidyAlternativeText(wish.alternativeText);
  if (channel === "letter") return { alternativeText, colour: undefined, style: "banner" };
  const style = BRAND_STYLES.find((one) => one === wish.style) ?? "banner";
  return { alternativeText, colour: parseColour(wish.colour), style };
}

function tidyAlternativeText(text: string): string {
  const tidied = text.trim();
  const refuse = (code: string, message: string) => fieldRefusal("alternativeText", code, message);
  if (tidied === "") throw refuse("alternative-text-missing", "Enter what the logo shows");
  if (saysLogo(tidied)) throw refuse("alternative-text-says-logo", "Leave out the word “logo”: say what it shows");
  if (tidied.length <= ALTERNATIVE_TEXT_MAX_CHARACTERS) return tidied;
  throw refuse("alternative-text-too-long", "Enter 255 characters or fewer");
}

function parseColour(text: string): string | undefined {
  if (text.trim() === "") return undefined;
  const colour = parseHexColour(text);
  if (colour !== undefined) return colour;
  throw fieldRefusal("colour", "not-a-colour", "Enter a colour in six digits, like #00573f");
}

export async function checkPicture(printer: Printer, channel: BrandedChannel, picture: Buffer): Promise<BrandPicture> {
  return channel === "email" ? checkEmailPicture(picture) : checkLetterPicture(printer, picture);
}

export function pictureMissing(): FormRefusal {
  return fieldRefusal("logo", "logo-missing", "Choose a file");
}

const EMAIL_PROBLEMS: Record<BrandPictureProblem, string> = {
  "not-a-png": "Choose a PNG file",
  "too-low": "The logo must be at least 108 pixels high",
  "too-large": "The logo must be 4,000 pixels or fewer on each side",
};

/** Refuses, under its field, what cannot stand above emails. */
export function checkEmailPicture(picture: Buffer): BrandPicture {
  if (picture.length > EMAIL_LOGO_MAX_BYTES)
    throw fieldRefusal("logo", "logo-too-large", "The file must be 2 MB or smaller");
  const checked = checkBrandPicture(picture);
  if (typeof checked === "string") throw fieldRefusal("logo", checked, EMAIL_PROBLEMS[checked]);
  return { format: "png", picture, ...checked };
}

const LETTER_PROBLEMS: Record<LogoProblem, string> = {
  "not-a-picture": "Choose an SVG or PNG file",
  "picture-too-small": "The logo must be at least 108 dots high",
  "picture-too-large": "The logo must be 4,000 dots or fewer on each side",
  "drawing-without-size": "The drawing does not say how large it is: give it a viewBox",
  "drawing-active": "The drawing has scripts, or refers to something outside itself. Export it again as a plain SVG",
  "drawing-with-text": "The drawing has text in it. Convert the text to outlines",
  "drawing-with-pictures": "The drawing has a picture in it. Upload the picture as a PNG file instead",
};

/** Refuses, under its field, what cannot be printed. */
export async function checkLetterPicture(printer: Printer, picture: Buffer): Promise<BrandPicture> {
  if (picture.length > LETTER_LOGO_MAX_BYTES)
    throw fieldRefusal("logo", "logo-too-large", "The file must be 1 MB or smaller");
  const format = checkLogo(picture);
  if (format !== "svg" && format !== "png") throw fieldRefusal("logo", format, LETTER_PROBLEMS[format]);
  await tryOut(printer, { format, bytes: picture, description: SAMPLE_WORDS.subject });
  return { format, picture, width: undefined, height: undefined };
}

/** Whatever it says: it is only looked at whether the logo goes with it. */
const SAMPLE_WORDS = {
  subject: "A letter",
  body: "Dear reader",
  contactBlock: undefined,
  welshSubject: undefined,
  welshBody: undefined,
};

async function tryOut({ letters }: Printer, logo: LetterLogo): Promise<void> {
  try {
    await letters.set({ words: SAMPLE_WORDS, personalisation: {}, logo });
  } catch {
    throw fieldRefusal("logo", "logo-not-printable", "This file cannot be printed. Export the logo again");
  }
}
