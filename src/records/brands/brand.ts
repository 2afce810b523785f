/** What a service's emails or letters show at their top. */
import type { BrandStyle } from "../../core/email/email-brand.ts";
import type { PictureSize } from "../../core/files/png.ts";
import type { LogoFormat } from "../../core/letter/check-logo.ts";

export const BRANDED_CHANNELS = ["email", "letter"] as const;
export type BrandedChannel = (typeof BRANDED_CHANNELS)[number];

export interface BrandPicture {
  /** An email's is always a PNG. */
  format: LogoFormat;
  /** In pixels; an email's has always one. */
  width: number | undefined;
  height: number | undefined;
  picture: Buffer;
}

export interface BrandWords {
  /** For people who do not see the picture. */
  alternativeText: string;
  /** "#00573f"; none for letters. */
  colour: string | undefined;
  /** Where the colour is. */
  style: BrandStyle;
}

/** All but the picture. */
export interface BrandFacts extends BrandWords, Omit<BrandPicture, "picture"> {
  id: string;
  channel: BrandedChannel;
  /** Whose own it is; undefined: it is shared. */
  serviceId: string | undefined;
  /** What a shared one is chosen by. */
  name: string | undefined;
}

export interface EmailBrand extends BrandWords, PictureSize {
  /** PNG. */
  picture: Buffer;
}
