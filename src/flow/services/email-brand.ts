/** The logo above a service's emails: checked before it is kept, and in every email that is sent from then on. */
import { type BrandPictureProblem, checkBrandPicture, parseHexColour, saysLogo } from "../../core/email/email-brand.ts";
import type { PictureSize } from "../../core/files/png.ts";
import {
  deleteEmailBrand,
  type EmailBrand,
  findEmailBrandFacts,
  putEmailBrand,
} from "../../records/email-brands/email-brand-store.ts";
import { type Actor, recordDeed } from "../actor.ts";
import type { App } from "../app.ts";
import { fieldRefusal } from "../form-refusal.ts";

const LOGO_MAX_BYTES = 2 * 1024 * 1024;
const ALTERNATIVE_TEXT_MAX_CHARACTERS = 255;

const MESSAGES: Record<BrandPictureProblem, string> = {
  "not-a-png": "Choose a PNG file",
  "too-low": "The logo must be at least 108 pixels high",
  "too-large": "The logo must be 4,000 pixels or fewer on each side",
};

export interface EmailBrandForm {
  picture: Buffer;
  alternativeText: string;
  /** As typed; none when it is empty. */
  bannerColour: string;
}

export interface EmailBrandWish extends EmailBrandForm {
  serviceId: string;
}

export async function setEmailBrand(app: Pick<App, "db">, actor: Actor, wish: EmailBrandWish): Promise<void> {
  const { serviceId } = wish;
  const brand = parseEmailBrand(wish);
  const { alternativeText, bannerColour } = brand;
  await app.db.transaction(async (tx) => {
    await putEmailBrand(tx, serviceId, brand);
    const after = { alternativeText, ...(bannerColour ? { bannerColour } : {}) };
    await recordDeed(tx, actor, { serviceId, action: "email-brand.saved", subject: alternativeText, after });
  });
}

/** Refuses, under its field, what cannot stand above emails. */
export function parseEmailBrand({ picture, ...form }: EmailBrandForm): EmailBrand {
  const alternativeText = tidyAlternativeText(form.alternativeText);
  const bannerColour = parseBannerColour(form.bannerColour);
  return { picture, ...sizeOf(picture), alternativeText, bannerColour };
}

function sizeOf(picture: Buffer): PictureSize {
  if (picture.length > LOGO_MAX_BYTES) throw fieldRefusal("logo", "logo-too-large", "The file must be 2 MB or smaller");
  const checked = checkBrandPicture(picture);
  if (typeof checked === "string") throw fieldRefusal("logo", checked, MESSAGES[checked]);
  return checked;
}

function tidyAlternativeText(text: string): string {
  const tidied = text.trim();
  const refuse = (code: string, message: string) => fieldRefusal("alternativeText", code, message);
  if (tidied === "") throw refuse("alternative-text-missing", "Enter what the logo shows");
  if (saysLogo(tidied)) throw refuse("alternative-text-says-logo", "Leave out the word “logo”: say what it shows");
  if (tidied.length <= ALTERNATIVE_TEXT_MAX_CHARACTERS) return tidied;
  throw refuse("alternative-text-too-long", "Enter 255 characters or fewer");
}

function parseBannerColour(text: string): string | undefined {
  if (text.trim() === "") return undefined;
  const colour = parseHexColour(text);
  if (colour !== undefined) return colour;
  throw fieldRefusal("bannerColour", "not-a-colour", "Enter a colour in six digits, like #00573f");
}

export async function removeEmailBrand(app: Pick<App, "db">, actor: Actor, serviceId: string): Promise<void> {
  await app.db.transaction(async (tx) => {
    const before = await findEmailBrandFacts(tx, serviceId);
    if (!before || !(await deleteEmailBrand(tx, serviceId))) return;
    await recordDeed(tx, actor, { serviceId, action: "email-brand.removed", subject: before.alternativeText });
  });
}
