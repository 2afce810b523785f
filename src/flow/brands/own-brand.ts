/** A service's own brand: the logo that whoever manages it has brought along. No other service is offered it. */
import type { Tx } from "../../platform/db.ts";
import { newId } from "../../platform/ids.ts";
import type { BrandFacts, BrandPicture, BrandWords } from "../../records/brands/brand.ts";
import {
  deleteBrand,
  findOwnBrand,
  insertBrand,
  updateBrand,
  updateBrandPicture,
} from "../../records/brands/brand-store.ts";
import {
  type Branded,
  deleteBrandInUse,
  findBrandInUse,
  putBrandInUse,
} from "../../records/brands/service-brand-store.ts";
import { type Actor, recordDeed } from "../actor.ts";
import type { App } from "../app.ts";
import { getLockedService } from "../people/team.ts";
import { brandChange } from "./brand-words.ts";
import { type BrandWish, checkBrandWords, checkPicture, type Printer, pictureMissing } from "./check-brand.ts";

/** Kept, and shown where it is in use already. Answers its id. Fields: `logo` and those of `BrandWish`. */
export async function keepOwnBrand(
  app: Pick<App, "db"> & Printer,
  actor: Actor,
  { serviceId, channel, ...wish }: Branded & BrandWish,
): Promise<string> {
  const words = checkBrandWords(channel, wish);
  const picture = wish.picture && (await checkPicture(app, channel, wish.picture));
  return app.db.transaction(async (tx) => {
    await getLockedService(tx, serviceId);
    const before = await findOwnBrand(tx, { serviceId, channel });
    const id = await writeOwnBrand(tx, { serviceId, channel, words, picture });
    await recordDeed(tx, actor, {
      ...{ serviceId, action: `${channel}-brand.saved`, subject: words.alternativeText },
      ...brandChange({ before, after: words, hasNewPicture: picture !== undefined }),
    });
    return id;
  });
}

interface OwnBrand extends Branded {
  words: BrandWords;
  /** Undefined keeps the one there is. */
  picture: BrandPicture | undefined;
}

async function writeOwnBrand(tx: Tx, { serviceId, channel, words, picture }: OwnBrand): Promise<string> {
  const before = await findOwnBrand(tx, { serviceId, channel });
  if (!before) {
    if (!picture) throw pictureMissing();
    const id = newId();
    await insertBrand(tx, { id, channel, serviceId, name: undefined, ...words, ...picture });
    return id;
  }
  await updateBrand(tx, { id: before.id, name: undefined, ...words });
  if (picture) await updateBrandPicture(tx, before.id, picture);
  return before.id;
}

/** Kept and taken in one, for what is declared of a service. */
export async function putOwnBrand(tx: Tx, brand: OwnBrand): Promise<void> {
  const { serviceId, channel } = brand;
  await putBrandInUse(tx, { serviceId, channel, brandId: await writeOwnBrand(tx, brand) });
}

/** The service is without a logo then, if it had this one. */
export async function deleteOwnBrand(
  app: Pick<App, "db" | "services">,
  actor: Actor,
  { serviceId, channel }: Branded,
): Promise<void> {
  await app.db.transaction(async (tx) => {
    await getLockedService(tx, serviceId);
    const own = await removeOwnBrand(tx, { serviceId, channel });
    if (!own) return;
    await recordDeed(tx, actor, { serviceId, action: `${channel}-brand.removed`, subject: own.alternativeText });
  });
  app.services.forget(serviceId);
}

/** The one there was. */
export async function removeOwnBrand(tx: Tx, branded: Branded): Promise<BrandFacts | undefined> {
  const own = await findOwnBrand(tx, branded);
  if (!own) return undefined;
  const inUse = await findBrandInUse(tx, branded);
  if (inUse?.id === own.id) await deleteBrandInUse(tx, branded);
  await deleteBrand(tx, own.id);
  return own;
}
