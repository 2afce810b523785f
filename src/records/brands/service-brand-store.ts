/** Which brand a service's emails, and which its letters, show. */
import type { Db, Tx } from "../../platform/db.ts";
import type { BrandedChannel, BrandFacts, BrandPicture } from "./brand.ts";
import { BRAND_COLUMNS } from "./brand-store.ts";

export interface Branded {
  serviceId: string;
  channel: BrandedChannel;
}

export interface BrandInUse extends BrandFacts {
  /** What is sent has had it since then, as it is now. */
  since: Date;
}

export async function findBrandInUse(db: Db, { serviceId, channel }: Branded): Promise<BrandInUse | undefined> {
  const [brand] = await db.query<BrandInUse>`
    select ${BRAND_COLUMNS}, greatest(u.chosen_at, b.changed_at) as since
    from service_brands u join brands b on b.id = u.brand_id
    where u.service_id = ${serviceId} and u.channel = ${channel}`;
  return brand;
}

export async function findPictureInUse(
  db: Db,
  { serviceId, channel }: Branded,
): Promise<(BrandPicture & Pick<BrandFacts, "alternativeText">) | undefined> {
  const [brand] = await db.query<BrandPicture & Pick<BrandFacts, "alternativeText">>`
    select b.format, b.width, b.height, b.picture, b.alternative_text
    from service_brands u join brands b on b.id = u.brand_id
    where u.service_id = ${serviceId} and u.channel = ${channel}`;
  return brand;
}

/** What it shows, where that is its own. */
export async function findOwnBrandInUse(
  db: Db,
  { serviceId, channel }: Branded,
): Promise<(BrandFacts & BrandPicture) | undefined> {
  const [brand] = await db.query<BrandFacts & BrandPicture>`
    select ${BRAND_COLUMNS}, b.picture
    from service_brands u join brands b on b.id = u.brand_id and b.service_id = u.service_id
    where u.service_id = ${serviceId} and u.channel = ${channel}`;
  return brand;
}

export async function putBrandInUse(
  tx: Tx,
  { serviceId, channel, brandId }: Branded & { brandId: string },
): Promise<void> {
  await tx.query`
    insert into service_brands (service_id, channel, brand_id) values (${serviceId}, ${channel}, ${brandId})
    on conflict (service_id, channel) do update set brand_id = excluded.brand_id, chosen_at = now()`;
}

export async function deleteBrandInUse(tx: Tx, { serviceId, channel }: Branded): Promise<void> {
  await tx.query`delete from service_brands where service_id = ${serviceId} and channel = ${channel}`;
}

/** A service that begins has the defaults of its organisation. */
export async function putDefaultBrands(tx: Tx, serviceId: string, organisationId: string | undefined): Promise<void> {
  if (organisationId === undefined) return;
  await tx.query`
    insert into service_brands (service_id, channel, brand_id)
    select ${serviceId}, p.channel, p.brand_id
    from organisation_brands p where p.organisation_id = ${organisationId} and p.is_default`;
}

/** Whether any service shows it, or is offered it. */
export async function isBrandUsed(tx: Tx, brandId: string): Promise<boolean> {
  const [row] = await tx.query<{ isUsed: boolean }>`
    select exists (select from service_brands u join services s on s.id = u.service_id
        where u.brand_id = ${brandId} and s.archived_at is null)
      or exists (select from organisation_brands p where p.brand_id = ${brandId}) as is_used`;
  return row?.isUsed === true;
}
