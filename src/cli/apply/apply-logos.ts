/** What a service's emails and letters show: a logo of its own each, or none. */
import { checkBrandWords, checkEmailPicture, checkLetterPicture } from "../../flow/brands/check-brand.ts";
import { putOwnBrand, removeOwnBrand } from "../../flow/brands/own-brand.ts";
import type { BrandFacts, BrandPicture, BrandWords } from "../../records/brands/brand.ts";
import { findOwnBrandInUse } from "../../records/brands/service-brand-store.ts";
import type { DeclaredService } from "./declaration.ts";
import { contentWord, refusedAt } from "./named-files.ts";
import { NONE, type Place } from "./read.ts";
import { type Noun, reconcile } from "./reconcile.ts";
import type { Owner, Run } from "./run.ts";

/** Of a service that has one at most: `none` is a list without it, so it goes with `--prune` alone. */
const about = <Kind extends string>(kind: Kind, { serviceId, name }: Owner) => ({
  kind,
  serviceId,
  nameOf: () => `of ${name}`,
});

type KeptBrand = BrandFacts & BrandPicture;
type DeclaredBrand = Exclude<NonNullable<DeclaredService["email_brand"]>, typeof NONE>;
type WantedBrand = BrandWords & BrandPicture & { at: Place };

export async function applyEmailBrand(run: Run, owner: Owner, declared: DeclaredService["email_brand"]): Promise<void> {
  if (!declared) return;
  const branded = { serviceId: owner.serviceId, channel: "email" } as const;
  const found = await findOwnBrandInUse(run.tx, branded);
  const wanted = declared === NONE ? [] : [await parseBrand(declared, found)];
  const put = (brand: WantedBrand) => putOwnBrand(run.tx, { ...branded, words: wordsOf(brand), picture: brand });
  const noun: Noun<WantedBrand, KeptBrand> = {
    ...about("email brand", owner),
    placeOf: ({ at }) => at,
    fieldsOf: brandFields,
    wishesOf: brandFields,
    insert: put,
    update: (_, brand) => put(brand),
    remove: async () => void (await removeOwnBrand(run.tx, branded)),
  };
  await reconcile(run, noun, { wanted, current: found ? [found] : [] });
}

function brandFields({ picture, alternativeText, colour, style }: BrandWords & BrandPicture) {
  return { logo: contentWord(picture), alternativeText, bannerColour: colour ?? null, style };
}

function wordsOf({ alternativeText, colour, style }: BrandWords): BrandWords {
  return { alternativeText, colour, style };
}

async function parseBrand(declared: DeclaredBrand, found: KeptBrand | undefined): Promise<WantedBrand> {
  const { logo, alternative_text: alternativeText, banner_colour: declaredColour, at } = declared;
  const { style = found?.style ?? "banner" } = declared;
  const colour = declaredColour ?? found?.colour ?? NONE;
  const fields = { logo: "logo", alternativeText: "alternative_text", colour: "banner_colour" };
  return refusedAt(at, fields, () => ({
    ...checkBrandWords("email", { alternativeText, style, colour: colour === NONE ? "" : colour }),
    ...checkEmailPicture(logo.bytes),
    at,
  }));
}

type DeclaredLogo = Exclude<NonNullable<DeclaredService["letter_logo"]>, typeof NONE>;

export async function applyLetterLogo(run: Run, owner: Owner, declared: DeclaredService["letter_logo"]): Promise<void> {
  if (!declared) return;
  const branded = { serviceId: owner.serviceId, channel: "letter" } as const;
  const found = await findOwnBrandInUse(run.tx, branded);
  const put = async (logo: DeclaredLogo) => putOwnBrand(run.tx, { ...branded, ...(await parseLogo(run, logo)) });
  const noun: Noun<DeclaredLogo, KeptBrand> = {
    ...about("letter logo", owner),
    placeOf: ({ at }) => at,
    fieldsOf: ({ picture, alternativeText }) => ({ logo: contentWord(picture), description: alternativeText }),
    wishesOf: ({ logo, description }) => ({ logo: contentWord(logo.bytes), description: description.trim() }),
    insert: put,
    update: (_, logo) => put(logo),
    remove: async () => void (await removeOwnBrand(run.tx, branded)),
  };
  await reconcile(run, noun, { wanted: declared === NONE ? [] : [declared], current: found ? [found] : [] });
}

/** Only what is new is tried out on paper. */
async function parseLogo(
  run: Run,
  { logo, description, at }: DeclaredLogo,
): Promise<{ words: BrandWords; picture: BrandPicture }> {
  const letters = await run.files.tools();
  return refusedAt(at, { logo: "logo", alternativeText: "description" }, async () => ({
    words: checkBrandWords("letter", { alternativeText: description, colour: "", style: "" }),
    picture: await checkLetterPicture(letters, logo.bytes),
  }));
}
