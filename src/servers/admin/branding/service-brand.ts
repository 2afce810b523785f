/**
 * `/services/:sid/settings/email-branding` and `/letter-branding`: which logo a service's emails or letters show. One is chosen, looked at
 * on a message of a few words, and only then taken.
 */

import { titleOf } from "../../../flow/brands/brand-words.ts";
import { type BrandChoices, chooseBrand, getBrandChoice, listBrandChoices } from "../../../flow/brands/choose-brand.ts";
import { deleteOwnBrand, keepOwnBrand } from "../../../flow/brands/own-brand.ts";
import { BRANDED_CHANNELS, type BrandedChannel, type BrandFacts } from "../../../records/brands/brand.ts";
import { findOwnBrand } from "../../../records/brands/brand-store.ts";
import { findBrandInUse } from "../../../records/brands/service-brand-store.ts";
import { findOrganisation } from "../../../records/organisations/organisation-people-store.ts";
import { listLetterContacts } from "../../../records/senders/letter-contact-store.ts";
import { actorOf } from "../http/actor.ts";
import { type Answer, redirect } from "../http/answer.ts";
import { type Form, formOf, InvalidFields, readFields, readList, submit } from "../http/form.ts";
import { asId, idIn } from "../http/ids.ts";
import { page } from "../http/page.ts";
import { type Route, route } from "../http/route.ts";
import type { ServiceVisit } from "../http/visit.ts";
import { emailSenderOf } from "../templates/shown.ts";
import { type BrandField, NO_BRAND, readBrand, valuesOf, wishOf } from "./brand-form.ts";
import { type FrameLinks, frameLinks, pictureAnswer, sampleFrame } from "./brand-frame.ts";

/** What is chosen where it is no logo that is there. */
const NONE = "none";
const OWN = "own";
const OTHER = "other";
const CHOICE_FIELDS = ["choice", "other"] as const;
type ChoiceField = (typeof CHOICE_FIELDS)[number];

/** A service's logos for one channel, and somebody who looks at them. */
interface BrandVisit extends ServiceVisit {
  channel: BrandedChannel;
  /** Of the page where one is chosen. */
  path: string;
}

interface OfferedBrand {
  id: string;
  title: string;
  isOwn: boolean;
  isDefault: boolean;
  pictureUrl: string;
}

interface ChoicesPage {
  channel: BrandedChannel;
  path: string;
  form: Form<ChoiceField>;
  offered: readonly OfferedBrand[];
  hasOwn: boolean;
  others: readonly { value: string; text: string }[];
  inUse: string | undefined;
  frame: FrameLinks;
}

interface ChosenPage {
  channel: BrandedChannel;
  path: string;
  form: Form<"name" | "pools">;
  choice: string;
  choiceTitle: string | undefined;
  isOwn: boolean;
  /** The name of the organisation whose other services could be offered it. */
  canPoolFor: string | undefined;
  frame: FrameLinks;
}

interface OwnPage {
  channel: BrandedChannel;
  path: string;
  form: Form<BrandField>;
  isThere: boolean;
}

const showChoices = page<ChoicesPage>("branding/choices.njk");
const showChosen = page<ChosenPage>("branding/chosen.njk");
const showOwn = page<OwnPage>("branding/own.njk");

const who = { permission: "manage_service" } as const;

export const serviceBrandRoutes: readonly Route[] = BRANDED_CHANNELS.flatMap((channel) => {
  const url = `/services/:sid/settings/${channel}-branding`;
  const of = (handler: (visit: BrandVisit) => Answer | Promise<Answer>) => (visit: ServiceVisit) =>
    handler({ ...visit, channel, path: url.replace(":sid", visit.service.id) });
  const chosen = `${url}/choices/:choice`;
  return [
    route({ method: "GET", url, who, handler: of(askWhich) }),
    route({ method: "POST", url, who, handler: of(readChoice) }),
    route({ method: "GET", url: `${url}/preview`, who, handler: of(previewInUse) }),
    route({ method: "GET", url: `${url}/own`, who, handler: of(askForOwn) }),
    route({ method: "POST", url: `${url}/own`, who, takesFile: true, handler: of(saveOwn) }),
    route({ method: "POST", url: `${url}/own/remove`, who, handler: of(removeOwn) }),
    route({ method: "GET", url: chosen, who, handler: of(askWhetherGood) }),
    route({ method: "POST", url: chosen, who, handler: of(takeChoice) }),
    route({ method: "GET", url: `${chosen}/preview`, who, handler: of(previewChoice) }),
    route({ method: "GET", url: `${chosen}/logo`, who, handler: of(showPicture) }),
  ];
});

async function askWhich(visit: BrandVisit): Promise<Answer> {
  const choices = await choicesOf(visit);
  return showWith(visit, choices, formOf({ choice: choices.inUse?.id ?? NONE, other: "" }));
}

function choicesOf({ app, service, channel, visitor }: BrandVisit): Promise<BrandChoices> {
  return listBrandChoices(app, service, { channel, mayChooseAny: visitor.isPlatformAdmin });
}

function showWith(visit: BrandVisit, choices: BrandChoices, form: Form<ChoiceField>): Answer {
  const { channel, path } = visit;
  const { inUse, own, others } = choices;
  return showChoices(visit, {
    ...{ channel, path, form },
    offered: offeredIn(visit, choices),
    hasOwn: own !== undefined,
    others: others.filter(({ id }) => id !== inUse?.id).map((one) => ({ value: one.id, text: titleOf(one) })),
    inUse: inUse && titleOf(inUse),
    frame: frameLinks(visit, channel, path),
  });
}

/** Its own comes last, and what it shows is offered even where its organisation offers that no more. */
function offeredIn({ path }: BrandVisit, { inUse, own, pool }: BrandChoices): OfferedBrand[] {
  const isElsewhere = inUse && inUse.id !== own?.id && pool.every(({ id }) => id !== inUse.id);
  const offered = (brand: BrandFacts, isDefault: boolean) => ({
    ...{ id: brand.id, title: titleOf(brand), isOwn: brand.id === own?.id, isDefault },
    pictureUrl: pictureUrl(path, brand.id),
  });
  return [
    ...(isElsewhere ? [offered(inUse, false)] : []),
    ...pool.map((brand) => offered(brand, brand.isDefault)),
    ...(own ? [offered(own, false)] : []),
  ];
}

function pictureUrl(path: string, id: string): string {
  return `${path}/choices/${id}/logo`;
}

function readChoice(visit: BrandVisit): Promise<Answer> {
  const { path, text } = visit;
  const values = readFields(visit, CHOICE_FIELDS);
  const field = values.choice === OTHER ? "other" : "choice";
  return submit<ChoiceField>({
    values,
    refusedAt: "choice",
    act: async () => {
      const chosen = values[field];
      if (chosen === OWN) return redirect(`${path}/own`);
      if (chosen !== NONE && asId(chosen) === undefined) throw new InvalidFields({ [field]: text("branding.choose") });
      return redirect(`${path}/choices/${chosen}`);
    },
    showAgain: async (form) => showWith(visit, await choicesOf(visit), form),
  });
}

/** Undefined is none; what is not offered is not there. */
async function getChosen(visit: BrandVisit): Promise<BrandFacts | undefined> {
  const { app, service, channel, params, visitor } = visit;
  if (params["choice"] === NONE) return undefined;
  const id = idIn(visit, "choice");
  return getBrandChoice(app, service, { id, channel, mayChooseAny: visitor.isPlatformAdmin });
}

async function askWhetherGood(visit: BrandVisit): Promise<Answer> {
  const brand = await getChosen(visit);
  return showWhetherGood(visit, brand, formOf({ name: brand?.alternativeText ?? "", pools: "" }));
}

async function showWhetherGood(
  visit: BrandVisit,
  brand: BrandFacts | undefined,
  form: Form<"name" | "pools">,
): Promise<Answer> {
  const { channel, path } = visit;
  const choice = brand?.id ?? NONE;
  return showChosen(visit, {
    ...{ channel, path, form, choice },
    choiceTitle: brand && titleOf(brand),
    isOwn: brand?.serviceId !== undefined,
    canPoolFor: await organisationToPoolFor(visit, brand),
    frame: frameLinks(visit, channel, `${path}/choices/${choice}`),
  });
}

/** Platform administrators may offer a logo to the organisation's other services, unless they are offered it already. */
async function organisationToPoolFor(visit: BrandVisit, brand: BrandFacts | undefined): Promise<string | undefined> {
  const { app, service, visitor } = visit;
  if (!brand || !visitor.isPlatformAdmin || service.organisationId === undefined) return undefined;
  const { pool } = await choicesOf(visit);
  if (pool.some(({ id }) => id === brand.id)) return undefined;
  return (await findOrganisation(app.db, service.organisationId))?.name;
}

async function takeChoice(visit: BrandVisit): Promise<Answer> {
  const { app, service, channel, path, text } = visit;
  const brand = await getChosen(visit);
  const { name } = readFields(visit, ["name"]);
  const pools = readList(visit, "pools").includes("yes") && (await organisationToPoolFor(visit, brand)) !== undefined;
  return submit<"name" | "pools">({
    values: { name, pools: pools ? "yes" : "" },
    refusedAt: "pools",
    act: async () => {
      const choice = { service, channel, brandId: brand?.id, pooledAs: pools ? name : undefined };
      await chooseBrand(app, actorOf(visit), choice);
      return redirect(path, { flash: text(`branding.${channel}.${brand ? "chosen" : "chosenNone"}`) });
    },
    showAgain: (form) => showWhetherGood(visit, brand, form),
  });
}

async function previewInUse(visit: BrandVisit): Promise<Answer> {
  const { app, service, channel } = visit;
  return preview(visit, await findBrandInUse(app.db, { serviceId: service.id, channel }));
}

async function previewChoice(visit: BrandVisit): Promise<Answer> {
  return preview(visit, await getChosen(visit));
}

async function preview(visit: BrandVisit, brand: BrandFacts | undefined): Promise<Answer> {
  const { app, service, channel, path } = visit;
  const contacts = channel === "letter" ? await listLetterContacts(app.db, service.id) : [];
  const contactBlock = contacts.find(({ isDefault }) => isDefault)?.contactBlock;
  const sender = emailSenderOf(visit);
  return sampleFrame(visit, { channel, brand, sender, contactBlock, pictureUrl: pictureUrl(path, brand?.id ?? NONE) });
}

async function showPicture(visit: BrandVisit): Promise<Answer> {
  return pictureAnswer(visit, await getChosen(visit));
}

async function askForOwn(visit: BrandVisit): Promise<Answer> {
  const { app, service, channel, path } = visit;
  const own = await findOwnBrand(app.db, { serviceId: service.id, channel });
  const form = formOf(own ? valuesOf(own) : NO_BRAND);
  return showOwn(visit, { channel, path, form, isThere: own !== undefined });
}

async function saveOwn(visit: BrandVisit): Promise<Answer> {
  const { app, admin, service, channel, path, text } = visit;
  const values = readBrand(visit);
  const branded = { serviceId: service.id, channel };
  return submit<BrandField>({
    values,
    refusedAt: "logo",
    act: async () => {
      const wish = { ...branded, ...wishOf(visit, channel, values) };
      const id = await keepOwnBrand({ ...app, letters: admin.letters }, actorOf(visit), wish);
      const inUse = await findBrandInUse(app.db, branded);
      return inUse?.id === id ? redirect(path, { flash: text("settings.saved") }) : redirect(`${path}/choices/${id}`);
    },
    showAgain: async (form) => {
      const isThere = (await findOwnBrand(app.db, branded)) !== undefined;
      return showOwn(visit, { channel, path, form, isThere });
    },
  });
}

async function removeOwn(visit: BrandVisit): Promise<Answer> {
  const { app, service, channel, path, text } = visit;
  await deleteOwnBrand(app, actorOf(visit), { serviceId: service.id, channel });
  return redirect(path, { flash: text("branding.removed") });
}
