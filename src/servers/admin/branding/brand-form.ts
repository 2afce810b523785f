/** The fields that make a brand, wherever one is made. */
import type { BrandWish } from "../../../flow/brands/check-brand.ts";
import type { BrandedChannel, BrandFacts } from "../../../records/brands/brand.ts";
import { InvalidFields, readFields, type Values } from "../http/form.ts";
import type { Visit } from "../http/visit.ts";

const WORDS = ["name", "alternativeText", "colour", "style"] as const;
export type BrandField = "logo" | (typeof WORDS)[number];

export const NO_BRAND: Values<BrandField> = { logo: "", name: "", alternativeText: "", colour: "", style: "banner" };

export function valuesOf({ name = "", alternativeText, colour = "", style }: BrandFacts): Values<BrandField> {
  return { logo: "", name, alternativeText, colour, style };
}

export function readBrand(visit: Visit): Values<BrandField> {
  return { logo: "", ...readFields(visit, WORDS) };
}

/** With the file that was chosen, if one was. */
export function wishOf(
  { text, files }: Visit,
  channel: BrandedChannel,
  { alternativeText, colour, style }: Values<BrandField>,
): BrandWish {
  const file = files.get("logo");
  if (file?.isTooLarge) throw new InvalidFields({ logo: text(`branding.${channel}.tooLarge`) });
  return { picture: file?.bytes, alternativeText, colour, style };
}
