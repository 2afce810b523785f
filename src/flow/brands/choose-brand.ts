/** Which brand a service's emails or letters show: its own, one of its organisation's pool, or none. */
import { Refusal } from "../../core/refusal.ts";
import type { Db, Tx } from "../../platform/db.ts";
import type { LetterLogo } from "../../platform/pdf/letter.ts";
import type { BrandedChannel, BrandFacts } from "../../records/brands/brand.ts";
import { findBrand, findOwnBrand, listSharedBrands, lockBrand, shareBrand } from "../../records/brands/brand-store.ts";
import { listPool, type PooledBrand } from "../../records/brands/organisation-brand-store.ts";
import {
  type BrandInUse,
  deleteBrandInUse,
  findBrandInUse,
  findPictureInUse,
  putBrandInUse,
} from "../../records/brands/service-brand-store.ts";
import type { Service } from "../../records/services/service.ts";
import { type Actor, recordDeed } from "../actor.ts";
import type { App } from "../app.ts";
import { getLockedService } from "../people/team.ts";
import { titleOf } from "./brand-words.ts";
import { poolBrand } from "./pools.ts";
import { checkBrandName, naming } from "./shared-brands.ts";

/** A list that somebody still finds one in. */
const SHARED_BRANDS_SHOWN_MAX = 500;

export type BrandOwner = Pick<Service, "id" | "organisationId">;

export interface BrandChoices {
  inUse: BrandInUse | undefined;
  own: BrandFacts | undefined;
  pool: readonly PooledBrand[];
  /** What platform administrators may choose besides. */
  others: readonly BrandFacts[];
}

export async function listBrandChoices(
  { db }: { db: Db },
  { id, organisationId }: BrandOwner,
  { channel, mayChooseAny }: { channel: BrandedChannel; mayChooseAny: boolean },
): Promise<BrandChoices> {
  const branded = { serviceId: id, channel };
  const [inUse, own, pool, shared] = await Promise.all([
    findBrandInUse(db, branded),
    findOwnBrand(db, branded),
    organisationId === undefined ? [] : listPool(db, { organisationId, channel }),
    mayChooseAny ? listSharedBrands(db, { channel, limit: SHARED_BRANDS_SHOWN_MAX }) : [],
  ]);
  const others = shared.filter((one) => pool.every(({ id }) => id !== one.id));
  return { inUse, own, pool, others };
}

/** The brand of this id that a service may be given: it can be looked at before it is chosen. */
export async function getBrandChoice(
  app: { db: Db },
  service: BrandOwner,
  { id, channel, mayChooseAny }: { id: string; channel: BrandedChannel; mayChooseAny: boolean },
): Promise<BrandFacts> {
  const brand = await findBrand(app.db, { channel, id });
  if (!brand || !isOpenTo(service, brand)) throw noSuchBrand();
  if (mayChooseAny || brand.serviceId === service.id) return brand;
  const { inUse, pool } = await listBrandChoices(app, service, { channel, mayChooseAny: false });
  if (inUse?.id !== id && pool.every((one) => one.id !== id)) throw noSuchBrand();
  return brand;
}

/** Another service's own is nobody else's. */
function isOpenTo({ id }: BrandOwner, { serviceId = id }: BrandFacts): boolean {
  return serviceId === id;
}

function noSuchBrand(): Refusal {
  return new Refusal("not-found", "There is no such logo");
}

export interface BrandChoice {
  service: BrandOwner;
  channel: BrandedChannel;
  /** Undefined is none. */
  brandId: string | undefined;
  /** Adds it to the pool of the service's organisation, for other services of it; a service's own is then shared, by this name. */
  pooledAs?: string | undefined;
}

/** What is sent from now on shows it. Field: `name`. */
export async function chooseBrand(app: Pick<App, "db" | "services">, actor: Actor, choice: BrandChoice): Promise<void> {
  await naming(() => app.db.transaction((tx) => replaceBrand(tx, actor, choice)));
  app.services.forget(choice.service.id);
}

async function replaceBrand(tx: Tx, actor: Actor, choice: BrandChoice): Promise<void> {
  const { service, channel, brandId } = choice;
  const branded = { serviceId: service.id, channel };
  await getLockedService(tx, service.id);
  const before = await findBrandInUse(tx, branded);
  const after = brandId === undefined ? undefined : await takeIntoUse(tx, actor, { ...choice, brandId });
  if (!after) await deleteBrandInUse(tx, branded);
  if (before?.id === after?.id) return;
  const [was, is] = [before && titleOf(before), after && titleOf(after)];
  const change = { before: { brand: was ?? null }, after: { brand: is ?? null } };
  await recordDeed(tx, actor, {
    ...{ serviceId: service.id, action: `${channel}-brand.chosen`, subject: is ?? "" },
    ...change,
  });
}

async function takeIntoUse(
  tx: Tx,
  actor: Actor,
  { service, channel, brandId, pooledAs }: BrandChoice & { brandId: string },
): Promise<BrandFacts> {
  const brand = await lockBrand(tx, { channel, id: brandId });
  if (!brand || !isOpenTo(service, brand)) throw noSuchBrand();
  await putBrandInUse(tx, { serviceId: service.id, channel, brandId });
  const { organisationId } = service;
  if (pooledAs === undefined || organisationId === undefined) return brand;
  const name = brand.name ?? checkBrandName(pooledAs);
  if (brand.name === undefined) await shareBrand(tx, brandId, name);
  await poolBrand(tx, actor, { organisationId, channel, brand: { id: brandId, name } });
  return { ...brand, serviceId: undefined, name };
}

/** What letters of a service show, if they show anything. */
export async function letterLogoOf({ db }: { db: Db }, serviceId: string): Promise<LetterLogo | undefined> {
  const brand = await findPictureInUse(db, { serviceId, channel: "letter" });
  return brand && { format: brand.format, bytes: brand.picture, description: brand.alternativeText };
}
