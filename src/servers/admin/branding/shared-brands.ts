/** `/platform/email-branding` and `/letter-branding`: logos that platform administrators keep for the services of organisations. */
import { senderLocalPart } from "../../../core/email/sender-local-part.ts";
import {
  archiveSharedBrand,
  changeSharedBrand,
  createSharedBrand,
  getSharedBrand,
  type SharedBrandWish,
} from "../../../flow/brands/shared-brands.ts";
import { BRANDED_CHANNELS, type BrandedChannel } from "../../../records/brands/brand.ts";
import { listSharedBrands, type SharedBrand } from "../../../records/brands/brand-store.ts";
import { actorOf } from "../http/actor.ts";
import { type Answer, redirect } from "../http/answer.ts";
import { type Form, formOf, submit, type Values } from "../http/form.ts";
import { idIn } from "../http/ids.ts";
import { page } from "../http/page.ts";
import { type Route, route } from "../http/route.ts";
import type { UserVisit } from "../http/visit.ts";
import { type ListPage, readPage } from "../platform/shown.ts";
import { type BrandField, NO_BRAND, readBrand, valuesOf, wishOf } from "./brand-form.ts";
import { type FrameLinks, frameLinks, pictureAnswer, sampleFrame } from "./brand-frame.ts";

/** Shared logos of one channel, and a platform administrator who looks after them. */
interface SharedVisit extends UserVisit {
  channel: BrandedChannel;
  /** Of their list. */
  path: string;
}

interface ListOfBrands {
  channel: BrandedChannel;
  path: string;
  list: ListPage<SharedBrand>;
}

interface OneBrand {
  channel: BrandedChannel;
  path: string;
  form: Form<BrandField>;
  action: string;
  /** Undefined of a new one. */
  brand: (SharedBrand & { frame: FrameLinks }) | undefined;
}

const showList = page<ListOfBrands>("branding/shared-brands.njk");
const showOne = page<OneBrand>("branding/shared-brand.njk");

const who = "platform-admin";

export const sharedBrandRoutes: readonly Route[] = BRANDED_CHANNELS.flatMap((channel) => {
  const path = sharedBrandsPath(channel);
  const of = (handler: (visit: SharedVisit) => Answer | Promise<Answer>) => (visit: UserVisit) =>
    handler({ ...visit, channel, path });
  const one = `${path}/:id`;
  return [
    route({ method: "GET", url: path, who, handler: of(openList) }),
    route({ method: "GET", url: `${path}/new`, who, handler: of(askForNew) }),
    route({ method: "POST", url: `${path}/new`, who, takesFile: true, handler: of(create) }),
    route({ method: "GET", url: one, who, handler: of(openOne) }),
    route({ method: "POST", url: one, who, takesFile: true, handler: of(change) }),
    route({ method: "POST", url: `${one}/archive`, who, handler: of(archive) }),
    route({ method: "GET", url: `${one}/preview`, who, handler: of(preview) }),
    route({ method: "GET", url: `${one}/logo`, who, handler: of(showPicture) }),
  ];
});

export function sharedBrandsPath(channel: BrandedChannel): string {
  return `/platform/${channel}-branding`;
}

async function openList(visit: SharedVisit): Promise<Answer> {
  const { app, channel, path } = visit;
  const list = await readPage(visit, (at) => listSharedBrands(app.db, { channel, ...at }));
  return showList(visit, { channel, path, list });
}

function askForNew(visit: SharedVisit): Answer {
  return showNew(visit, formOf(NO_BRAND));
}

function showNew(visit: SharedVisit, form: Form<BrandField>): Answer {
  const { channel, path } = visit;
  return showOne(visit, { channel, path, form, action: `${path}/new`, brand: undefined });
}

function create(visit: SharedVisit): Promise<Answer> {
  const { app, admin, path, text } = visit;
  const values = readBrand(visit);
  return submit<BrandField>({
    values,
    refusedAt: "name",
    act: async () => {
      const keeper = { ...app, letters: admin.letters };
      const id = await createSharedBrand(keeper, actorOf(visit), sharedWish(visit, values));
      return redirect(`${path}/${id}`, { flash: text("branding.created") });
    },
    showAgain: (form) => showNew(visit, form),
  });
}

function sharedWish(visit: SharedVisit, values: Values<BrandField>): SharedBrandWish {
  const { channel } = visit;
  return { ...wishOf(visit, channel, values), channel, name: values.name };
}

async function openOne(visit: SharedVisit): Promise<Answer> {
  const brand = await getOne(visit);
  return showWith(visit, brand, formOf(valuesOf(brand)));
}

function getOne(visit: SharedVisit): Promise<SharedBrand> {
  return getSharedBrand(visit.app, { channel: visit.channel, id: idIn(visit, "id") });
}

function showWith(visit: SharedVisit, brand: SharedBrand, form: Form<BrandField>): Answer {
  const { channel, path } = visit;
  const action = `${path}/${brand.id}`;
  return showOne(visit, {
    channel,
    path,
    form,
    action,
    brand: { ...brand, frame: frameLinks(visit, channel, action) },
  });
}

async function change(visit: SharedVisit): Promise<Answer> {
  const { app, admin, path, text } = visit;
  const brand = await getOne(visit);
  const values = readBrand(visit);
  return submit<BrandField>({
    values,
    refusedAt: "name",
    act: async () => {
      const wish = { ...sharedWish(visit, values), id: brand.id };
      await changeSharedBrand({ ...app, letters: admin.letters }, actorOf(visit), wish);
      return redirect(`${path}/${brand.id}`, { flash: text("settings.saved") });
    },
    showAgain: (form) => showWith(visit, brand, form),
  });
}

async function archive(visit: SharedVisit): Promise<Answer> {
  const { app, channel, path, text } = visit;
  const brand = await getOne(visit);
  return submit<BrandField>({
    values: valuesOf(brand),
    refusedAt: "name",
    act: async () => {
      await archiveSharedBrand(app, actorOf(visit), { channel, id: brand.id });
      return redirect(path, { flash: text("branding.archived") });
    },
    showAgain: (form) => showWith(visit, brand, form),
  });
}

async function preview(visit: SharedVisit): Promise<Answer> {
  const { app, channel, path } = visit;
  const brand = await getOne(visit);
  const sender = { name: brand.name, address: `${senderLocalPart(brand.name)}@${app.emailDomain}` };
  return sampleFrame(visit, { channel, brand, sender, pictureUrl: `${path}/${brand.id}/logo` });
}

async function showPicture(visit: SharedVisit): Promise<Answer> {
  return pictureAnswer(visit, await getOne(visit));
}
