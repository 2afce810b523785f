/** Brands as they are looked at: on an email or a letter of a few words in a frame, and their pictures by themselves. */
import { drawBrand } from "../../../core/email/draw-brand.ts";
import { DEFAULT_POSTAGE } from "../../../core/letter/postage.ts";
import type { BrandHeader } from "../../../core/template/email-document.ts";
import type { BrandedChannel, BrandFacts } from "../../../records/brands/brand.ts";
import { findBrandPicture } from "../../../records/brands/brand-store.ts";
import type { Answer } from "../http/answer.ts";
import { errorPage } from "../http/error-pages.ts";
import { frameAnswer } from "../http/frame-answer.ts";
import type { Visit } from "../http/visit.ts";
import { previewFrame } from "../letters/letter-frame.ts";
import { type ViewChoice, viewChoices, viewIn } from "../templates/email-frame.ts";
import { previewEmail } from "../templates/preview/preview-email.ts";

export interface Sample {
  channel: BrandedChannel;
  /** Undefined is none. */
  brand: BrandFacts | undefined;
  /** Where the page has the brand's picture. */
  pictureUrl: string;
  /** Whom an email comes from. */
  sender: { name: string; address: string };
  /** Whom a letter comes from. */
  contactBlock?: string | undefined;
}

/** The document for the frame of a page. */
export function sampleFrame(visit: Visit, sample: Sample): Promise<Answer> | Answer {
  return sample.channel === "email" ? sampleEmail(visit, sample) : sampleLetter(visit, sample);
}

function sampleEmail({ text, query }: Visit, { brand, pictureUrl, sender }: Sample): Answer {
  const words = { subject: text("branding.email.sampleSubject"), body: text("branding.email.sampleBody") };
  const header = brand && headerOf(brand, pictureUrl);
  const email = { ...words, hasUnsubscribeLink: false, examples: [], sender, brand: header };
  return frameAnswer(previewEmail(email, viewIn(query.get("as"))), { hasLogo: header !== undefined });
}

async function sampleLetter(visit: Visit, { brand, contactBlock }: Sample): Promise<Answer> {
  const { app, text } = visit;
  const kept = brand && (await findBrandPicture(app.db, brand.id));
  const logo = brand && kept && { format: kept.format, bytes: kept.picture, description: brand.alternativeText };
  const words = {
    ...{ subject: text("branding.letter.sampleSubject"), body: text("branding.letter.sampleBody"), contactBlock },
    ...{ welshSubject: undefined, welshBody: undefined },
  };
  return previewFrame(visit, { words, personalisation: {}, logo }, DEFAULT_POSTAGE);
}

/** What an email shows of a brand, its picture by an address of ours. */
export function headerOf(brand: BrandFacts, src: string): BrandHeader {
  const { alternativeText, colour, style } = brand;
  return { src, alternativeText, colour, style, ...sizeOf(brand) };
}

/** Of an email's brand, which always has one. */
export function sizeOf({ width = 1, height = 1 }: Pick<BrandFacts, "width" | "height">) {
  return { width, height };
}

export interface FrameLinks {
  src: string;
  /** The ways to look at an email. */
  views: readonly ViewChoice[];
}

/** A frame in the page at `path`, with its document below it. */
export function frameLinks(visit: Visit, channel: BrandedChannel, path: string): FrameLinks {
  if (channel === "letter") return { src: `${path}/preview`, views: [] };
  return { src: `${path}/preview?as=${viewIn(visit.query.get("as"))}`, views: viewChoices(visit, path) };
}

/** A drawing from outside is a picture here and nothing else, whatever is in it. */
const PICTURE_ALONE = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox";
const TYPES = { png: "image/png", svg: "image/svg+xml" };

/** The picture; with `?as=banner` as it stands above an email. */
export async function pictureAnswer(visit: Visit, brand: BrandFacts | undefined): Promise<Answer> {
  const kept = brand && (await findBrandPicture(visit.app.db, brand.id));
  if (!brand || !kept) return errorPage(visit, "notFound");
  if (brand.channel === "letter" || visit.query.get("as") !== "banner")
    return fileAnswer(TYPES[kept.format], kept.picture);
  const { colour, style } = brand;
  return fileAnswer(TYPES.svg, drawBrand({ colour, style, ...sizeOf(brand) }, kept.picture.toString("base64")));
}

function fileAnswer(type: string, body: Buffer | string): Answer {
  return { status: 200, headers: { "content-type": type, "content-security-policy": PICTURE_ALONE }, body };
}
