/** What a service's emails and letters show: one logo each, or none. */
import { type EmailBrandForm, parseEmailBrand } from "../../flow/services/email-brand.ts";
import { parseLetterLogo } from "../../flow/services/letter-logo.ts";
import {
  deleteEmailBrand,
  type EmailBrand,
  findEmailBrand,
  putEmailBrand,
} from "../../records/email-brands/email-brand-store.ts";
import {
  deleteLetterLogo,
  findLetterLogo,
  type KeptLogo,
  putLetterLogo,
} from "../../records/letters/letter-logo-store.ts";
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

type DeclaredBrand = Exclude<NonNullable<DeclaredService["email_brand"]>, typeof NONE>;
type WantedBrand = EmailBrand & { at: Place };

export async function applyEmailBrand(run: Run, owner: Owner, declared: DeclaredService["email_brand"]): Promise<void> {
  if (!declared) return;
  const found = await findEmailBrand(run.tx, owner.serviceId);
  const wanted = declared === NONE ? [] : [await parseBrand(declared, found)];
  const put = async ({ at: _, ...brand }: WantedBrand) => putEmailBrand(run.tx, owner.serviceId, brand);
  const noun: Noun<WantedBrand, EmailBrand> = {
    ...about("email brand", owner),
    placeOf: ({ at }) => at,
    fieldsOf: brandFields,
    wishesOf: brandFields,
    insert: put,
    update: (_, brand) => put(brand),
    remove: async () => void (await deleteEmailBrand(run.tx, owner.serviceId)),
  };
  await reconcile(run, noun, { wanted, current: found ? [found] : [] });
}

function brandFields({ picture, alternativeText, bannerColour }: EmailBrand) {
  return { logo: contentWord(picture), alternativeText, bannerColour: bannerColour ?? null };
}

async function parseBrand(declared: DeclaredBrand, found: EmailBrand | undefined): Promise<WantedBrand> {
  const { logo, alternative_text: alternativeText, banner_colour: colour = found?.bannerColour ?? NONE, at } = declared;
  const form: EmailBrandForm = { picture: logo.bytes, alternativeText, bannerColour: colour === NONE ? "" : colour };
  const fields = { logo: "logo", alternativeText: "alternative_text", bannerColour: "banner_colour" };
  return { ...(await refusedAt(at, fields, () => parseEmailBrand(form))), at };
}

type DeclaredLogo = Exclude<NonNullable<DeclaredService["letter_logo"]>, typeof NONE>;

export async function applyLetterLogo(run: Run, owner: Owner, declared: DeclaredService["letter_logo"]): Promise<void> {
  if (!declared) return;
  const found = await findLetterLogo(run.tx, owner.serviceId);
  const put = async (logo: DeclaredLogo) => putLetterLogo(run.tx, owner.serviceId, await parseLogo(run, logo));
  const noun: Noun<DeclaredLogo, KeptLogo> = {
    ...about("letter logo", owner),
    placeOf: ({ at }) => at,
    fieldsOf: ({ picture, description }) => ({ logo: contentWord(picture), description }),
    wishesOf: ({ logo, description }) => ({ logo: contentWord(logo.bytes), description: description.trim() }),
    insert: put,
    update: (_, logo) => put(logo),
    remove: async () => void (await deleteLetterLogo(run.tx, owner.serviceId)),
  };
  await reconcile(run, noun, { wanted: declared === NONE ? [] : [declared], current: found ? [found] : [] });
}

/** Only what is new is tried out on paper. */
async function parseLogo(run: Run, { logo, description, at }: DeclaredLogo): Promise<KeptLogo> {
  const tools = await run.files.tools();
  const form = { picture: logo.bytes, description };
  return refusedAt(at, { logo: "logo", description: "description" }, () => parseLetterLogo(tools, form));
}
