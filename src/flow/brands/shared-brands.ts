/** Shared brands: kept by platform administrators, for the services of organisations. */
import { Refusal } from "../../core/refusal.ts";
import { type Tx, violatedUniqueConstraint } from "../../platform/db.ts";
import { newId } from "../../platform/ids.ts";
import type { BrandedChannel, BrandFacts } from "../../records/brands/brand.ts";
import {
  archiveBrand,
  findSharedBrand,
  insertBrand,
  lockBrand,
  type NamedBrand,
  type SharedBrand,
  updateBrand,
  updateBrandPicture,
} from "../../records/brands/brand-store.ts";
import { isBrandUsed } from "../../records/brands/service-brand-store.ts";
import { type Actor, recordDeed } from "../actor.ts";
import type { App } from "../app.ts";
import { fieldRefusal } from "../form-refusal.ts";
import { brandChange } from "./brand-words.ts";
import { type BrandWish, checkBrandWords, checkPicture, type Printer, pictureMissing } from "./check-brand.ts";

const NAME_MAX_CHARACTERS = 100;

export interface SharedBrandWish extends BrandWish {
  channel: BrandedChannel;
  name: string;
}

type Keeper = Pick<App, "db"> & Printer;

export async function getSharedBrand({ db }: Pick<App, "db">, wanted: NamedBrand): Promise<SharedBrand> {
  const brand = await findSharedBrand(db, wanted);
  if (!brand) throw noSuchBrand();
  return brand;
}

function noSuchBrand(): Refusal {
  return new Refusal("not-found", "There is no such logo");
}

/** Answers its id. Fields: `name`, `logo` and those of `BrandWish`. */
export async function createSharedBrand(app: Keeper, actor: Actor, wish: SharedBrandWish): Promise<string> {
  const { channel } = wish;
  const name = checkBrandName(wish.name);
  if (!wish.picture) throw pictureMissing();
  const words = checkBrandWords(channel, wish);
  const picture = await checkPicture(app, channel, wish.picture);
  const id = newId();
  await naming(() =>
    app.db.transaction(async (tx) => {
      await insertBrand(tx, { id, channel, serviceId: undefined, name, ...words, ...picture });
      const { after } = brandChange({ before: undefined, after: words, hasNewPicture: true });
      await recordDeed(tx, actor, { action: `shared-${channel}-brand.created`, subject: name, after });
    }),
  );
  return id;
}

/** What is sent from now on by services that use it shows it as it is then. Fields as of a new one. */
export async function changeSharedBrand(
  app: Keeper,
  actor: Actor,
  { id, ...wish }: SharedBrandWish & { id: string },
): Promise<void> {
  const { channel } = wish;
  const name = checkBrandName(wish.name);
  const words = checkBrandWords(channel, wish);
  const picture = wish.picture && (await checkPicture(app, channel, wish.picture));
  await naming(() =>
    app.db.transaction(async (tx) => {
      const before = await lockShared(tx, { channel, id });
      await updateBrand(tx, { id, name, ...words });
      if (picture) await updateBrandPicture(tx, id, picture);
      const change = brandChange({ before, after: words, hasNewPicture: picture !== undefined });
      await recordDeed(tx, actor, {
        ...{ action: `shared-${channel}-brand.changed`, subject: name },
        before: { name: before.name, ...change.before },
        after: { name, ...change.after },
      });
    }),
  );
}

async function lockShared(tx: Tx, wanted: NamedBrand): Promise<BrandFacts & { name: string }> {
  const brand = await lockBrand(tx, wanted);
  if (brand?.name === undefined) throw noSuchBrand();
  return { ...brand, name: brand.name };
}

/** It is offered to nobody any more. Refused while a service uses it or an organisation's pool has it. */
export async function archiveSharedBrand(app: Pick<App, "db">, actor: Actor, wanted: NamedBrand): Promise<void> {
  await app.db.transaction(async (tx) => {
    const brand = await lockShared(tx, wanted);
    if (await isBrandUsed(tx, brand.id))
      throw new Refusal("conflict", "It is in use: services show it, or organisations offer it");
    await archiveBrand(tx, brand.id);
    await recordDeed(tx, actor, { action: `shared-${wanted.channel}-brand.archived`, subject: brand.name });
  });
}

export function checkBrandName(text: string): string {
  const name = text.trim();
  if (name === "") throw fieldRefusal("name", "name-missing", "Enter a name");
  if (name.length <= NAME_MAX_CHARACTERS) return name;
  throw fieldRefusal("name", "name-too-long", `Enter ${NAME_MAX_CHARACTERS} characters or fewer`);
}

/** Says in a form's words that a name is taken. */
export async function naming<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (violatedUniqueConstraint(error) === "brands_name")
      throw fieldRefusal("name", "name-taken", "Another logo has this name");
    throw error;
  }
}
