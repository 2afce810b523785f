/** Pools: the shared brands that an organisation's services may choose from, and the one that new services begin with. */
import { Refusal } from "../../core/refusal.ts";
import type { Tx } from "../../platform/db.ts";
import { lockBrand } from "../../records/brands/brand-store.ts";
import {
  deleteFromPool,
  insertIntoPool,
  listPool,
  lockPools,
  type Pool,
  setDefaultBrand,
} from "../../records/brands/organisation-brand-store.ts";
import { type Actor, recordDeed } from "../actor.ts";
import type { App } from "../app.ts";

/** More than this nobody chooses from. */
const POOL_MAX = 50;

type Keeper = Pick<App, "db">;

export async function addToPool(
  app: Keeper,
  actor: Actor,
  { brandId, ...pool }: Pool & { brandId: string },
): Promise<void> {
  await app.db.transaction(async (tx) => {
    const brand = await lockBrand(tx, { channel: pool.channel, id: brandId });
    if (brand?.name === undefined) throw new Refusal("bad-request", "Choose a logo");
    await poolBrand(tx, actor, { ...pool, brand: { id: brand.id, name: brand.name } });
  });
}

/** A shared brand, which is locked. Nothing happens when it is there already. */
export async function poolBrand(
  tx: Tx,
  actor: Actor,
  { brand, ...pool }: Pool & { brand: { id: string; name: string } },
): Promise<void> {
  await lockPools(tx, pool.organisationId);
  const before = await listPool(tx, pool);
  if (before.some(({ id }) => id === brand.id)) return;
  if (before.length >= POOL_MAX) throw new Refusal("bad-request", `An organisation has up to ${POOL_MAX} logos`);
  await insertIntoPool(tx, { ...pool, brandId: brand.id });
  await record(tx, actor, { ...pool, deed: "offered", after: { brand: brand.name } });
}

/** Services that use it keep it. */
export async function removeFromPool(
  app: Keeper,
  actor: Actor,
  { brandId, ...pool }: Pool & { brandId: string },
): Promise<void> {
  await app.db.transaction(async (tx) => {
    await lockPools(tx, pool.organisationId);
    const brand = (await listPool(tx, pool)).find(({ id }) => id === brandId);
    if (!brand || !(await deleteFromPool(tx, pool.organisationId, brandId))) return;
    await record(tx, actor, { ...pool, deed: "withdrawn", before: { brand: brand.name } });
  });
}

/** Undefined: new services begin without a logo. Services that there are keep theirs. */
export async function setPoolDefault(
  app: Keeper,
  actor: Actor,
  { brandId, ...pool }: Pool & { brandId: string | undefined },
): Promise<void> {
  await app.db.transaction(async (tx) => {
    await lockPools(tx, pool.organisationId);
    const brands = await listPool(tx, pool);
    const [before, after] = [brands.find(({ isDefault }) => isDefault), brands.find(({ id }) => id === brandId)];
    if (brandId !== undefined && !after) throw new Refusal("bad-request", "Choose a logo of this organisation");
    if (before?.id === after?.id) return;
    await setDefaultBrand(tx, { ...pool, brandId });
    const change = { before: { brand: before?.name ?? null }, after: { brand: after?.name ?? null } };
    await record(tx, actor, { ...pool, deed: "made-default", ...change });
  });
}

interface PoolDeed extends Pool {
  deed: "offered" | "withdrawn" | "made-default";
  before?: Record<string, unknown>;
  after?: Record<string, unknown>;
}

function record(tx: Tx, actor: Actor, { organisationId, channel, deed, ...change }: PoolDeed): Promise<void> {
  const subject = `organisation ${organisationId}`;
  return recordDeed(tx, actor, { action: `${channel}-brand.${deed}`, subject, ...change });
}
