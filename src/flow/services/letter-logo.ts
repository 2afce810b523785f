/** The logo on a service's letters: a picture that is checked, and tried out on paper, before it is kept. */
import { checkLogo, type LogoProblem } from "../../core/letter/check-logo.ts";
import type { LetterLogo } from "../../platform/pdf/letter.ts";
import {
  deleteLetterLogo,
  findLetterLogo,
  type KeptLogo,
  putLetterLogo,
} from "../../records/letters/letter-logo-store.ts";
import { type Actor, recordDeed } from "../actor.ts";
import type { App } from "../app.ts";
import { fieldRefusal } from "../form-refusal.ts";
import type { LetterPreviews } from "../letters/preview-letter.ts";

const LOGO_MAX_BYTES = 1024 * 1024;
const DESCRIPTION_MAX_CHARACTERS = 255;
/** Whatever it says: it is only looked at whether the logo goes with it. */
const SAMPLE_WORDS = {
  subject: "A letter",
  body: "Dear reader",
  contactBlock: undefined,
  welshSubject: undefined,
  welshBody: undefined,
};

const MESSAGES: Record<LogoProblem, string> = {
  "not-a-picture": "Choose an SVG or PNG file",
  "picture-too-small": "The logo must be at least 108 dots high",
  "picture-too-large": "The logo must be 4,000 dots or fewer on each side",
  "drawing-without-size": "The drawing does not say how large it is: give it a viewBox",
  "drawing-active": "The drawing has scripts, or refers to something outside itself. Export it again as a plain SVG",
  "drawing-with-text": "The drawing has text in it. Convert the text to outlines",
  "drawing-with-pictures": "The drawing has a picture in it. Upload the picture as a PNG file instead",
};

type Printer = { letters: Pick<LetterPreviews, "set"> };
type Keeper = Pick<App, "db"> & Printer;

export interface LetterLogoForm {
  picture: Buffer;
  description: string;
}

/** Letters that are made from now on have it. */
export async function setLetterLogo(
  app: Keeper,
  actor: Actor,
  { serviceId, ...form }: LetterLogoForm & { serviceId: string },
): Promise<void> {
  const logo = await parseLetterLogo(app, form);
  await app.db.transaction(async (tx) => {
    await putLetterLogo(tx, serviceId, logo);
    const after = { description: logo.description, kind: logo.format };
    await recordDeed(tx, actor, { serviceId, action: "letter-logo.saved", subject: logo.description, after });
  });
}

/** Refuses, under its field, what cannot be printed. */
export async function parseLetterLogo(app: Printer, { picture, description }: LetterLogoForm): Promise<KeptLogo> {
  const logo = { format: formatOf(picture), picture, description: tidyDescription(description) };
  await tryOut(app, logo);
  return logo;
}

function formatOf(picture: Buffer): KeptLogo["format"] {
  if (picture.length > LOGO_MAX_BYTES) throw fieldRefusal("logo", "logo-too-large", "The file must be 1 MB or smaller");
  const checked = checkLogo(picture);
  if (checked === "svg" || checked === "png") return checked;
  throw fieldRefusal("logo", checked, MESSAGES[checked]);
}

function tidyDescription(text: string): string {
  const description = text.trim();
  if (description === "") throw fieldRefusal("description", "description-missing", "Enter what the logo shows");
  if (description.length <= DESCRIPTION_MAX_CHARACTERS) return description;
  throw fieldRefusal("description", "description-too-long", "Enter 255 characters or fewer");
}

async function tryOut({ letters }: Printer, logo: KeptLogo): Promise<void> {
  try {
    await letters.set({ words: SAMPLE_WORDS, personalisation: {}, logo: logoOnPaper(logo) });
  } catch {
    throw fieldRefusal("logo", "logo-not-printable", "This file cannot be printed. Export the logo again");
  }
}

export async function removeLetterLogo(app: Pick<App, "db">, actor: Actor, serviceId: string): Promise<void> {
  await app.db.transaction(async (tx) => {
    const before = await findLetterLogo(tx, serviceId);
    if (!before || !(await deleteLetterLogo(tx, serviceId))) return;
    await recordDeed(tx, actor, { serviceId, action: "letter-logo.removed", subject: before.description });
  });
}

/** What letters of a service show, if they show anything. */
export async function letterLogoOf(app: Pick<App, "db">, serviceId: string): Promise<LetterLogo | undefined> {
  const logo = await findLetterLogo(app.db, serviceId);
  return logo && logoOnPaper(logo);
}

function logoOnPaper({ format, picture, description }: KeptLogo): LetterLogo {
  return { format, bytes: picture, description };
}
