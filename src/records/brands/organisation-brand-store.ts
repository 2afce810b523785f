/** Pools: the shared brands that an organisation's services may choose from. */
import type { Db, Tx } from "../../platform/db.ts";
import type { BrandedChannel, BrandFacts } from "./brand.ts";
import { BRAND_COLUMNS } from "./brand-store.ts";

export interface Pool {
  organisationId: string;
  channel: BrandedChannel;
}

export interface PooledBrand extends BrandFacts {
  name: string;
  /** New services begin with it. */
  isDefault: boolean;
}

/** By name; a pool has a limit, which is kept where brands are added. */
export function listPool(db: Db, { organisationId, channel }: Pool): Promise<PooledBrand[]> {
  return db.query<PooledBrand>`
    select ${BRAND_COLUMNS}, p.is_default
    from organisation_brands p join brands b on b.id = p.brand_id
    where p.organisation_id = ${organisationId} and p.channel = ${channel} order by lower(b.name), b.id`;
}

/** Changes of pools of one organisation come one after the other. */
export async function lockPools(tx: Tx, organisationId: string): Promise<void> {
  await tx.query`select o.id from organisations o where o.id = ${organisationId} for update`;
}

export async function insertIntoPool(
  tx: Tx,
  { organisationId, channel, brandId }: Pool & { brandId: string },
): Promise<void> {
  await tx.query`
    insert into organisation_brands (organisation_id, channel, brand_id) values (${organisationId}, ${channel}, ${brandId})
    on conflict (organisation_id, brand_id) do nothing`;
}

/** Whether it was there. */
export async function deleteFromPool(tx: Tx, organisationId: string, brandId: string): Promise<boolean> {
  const rows = await tx.query`
    delete from organisation_brands where organisation_id = ${organisationId} and brand_id = ${brandId} returning brand_id`;
  return rows.length > 0;
}

/** Undefined: new services begin without one. */
export async function setDefaultBrand(
  tx: Tx,
  { organisationId, channel, brandId }: Pool & { brandId: string | undefined },
): Promise<void> {
  await tx.query`
    update organisation_brands set is_default = false
    where organisation_id = ${organisationId} and channel = ${channel} and is_default`;
  if (brandId === undefined) return;
  await tx.query`
    update organisation_brands set is_default = true
    where organisation_id = ${organisationId} and channel = ${channel} and brand_id = ${brandId}`;
}
