/** Brands by themselves: a service's own, and shared ones. */
import { type Db, sqlConstant, type Tx } from "../../platform/db.ts";
import type { BrandedChannel, BrandFacts, BrandPicture, BrandWords, EmailBrand } from "./brand.ts";

export const BRAND_COLUMNS = sqlConstant(
  "b.id, b.channel, b.service_id, b.name, b.format, b.width, b.height, b.alternative_text, b.colour, b.style",
);

export interface NamedBrand {
  channel: BrandedChannel;
  id: string;
}

export async function findBrand(db: Db, { channel, id }: NamedBrand): Promise<BrandFacts | undefined> {
  const [brand] = await db.query<BrandFacts>`
    select ${BRAND_COLUMNS} from brands b where b.id = ${id} and b.channel = ${channel} and b.archived_at is null`;
  return brand;
}

/** Until the end of the transaction nobody else archives it or begins to use it. */
export async function lockBrand(tx: Tx, { channel, id }: NamedBrand): Promise<BrandFacts | undefined> {
  const [brand] = await tx.query<BrandFacts>`
    select ${BRAND_COLUMNS} from brands b where b.id = ${id} and b.channel = ${channel} and b.archived_at is null for update`;
  return brand;
}

export async function findBrandPicture(db: Db, id: string): Promise<BrandPicture | undefined> {
  const [brand] = await db.query<BrandPicture>`
    select b.format, b.width, b.height, b.picture from brands b where b.id = ${id}`;
  return brand;
}

/** What an email needs of it. */
export async function findEmailBrand(db: Db, id: string): Promise<EmailBrand | undefined> {
  const [brand] = await db.query<EmailBrand>`
    select b.picture, b.width, b.height, b.alternative_text, b.colour, b.style
    from brands b where b.id = ${id} and b.channel = 'email'`;
  return brand;
}

export async function findOwnBrand(
  db: Db,
  { serviceId, channel }: { serviceId: string; channel: BrandedChannel },
): Promise<BrandFacts | undefined> {
  const [brand] = await db.query<BrandFacts>`
    select ${BRAND_COLUMNS} from brands b where b.service_id = ${serviceId} and b.channel = ${channel}`;
  return brand;
}

export interface NewBrand extends BrandWords, BrandPicture {
  id: string;
  channel: BrandedChannel;
  serviceId: string | undefined;
  name: string | undefined;
}

export async function insertBrand(tx: Tx, brand: NewBrand): Promise<void> {
  const { id, channel, serviceId = null, name = null, format, picture, width = null, height = null } = brand;
  await tx.query`
    insert into brands (id, channel, service_id, name, format, picture, width, height, alternative_text, colour, style)
    values (${id}, ${channel}, ${serviceId}, ${name}, ${format}, ${picture}, ${width}, ${height},
      ${brand.alternativeText}, ${brand.colour ?? null}, ${brand.style})`;
}

/** Everything but its picture. */
export async function updateBrand(tx: Tx, brand: BrandWords & { id: string; name: string | undefined }): Promise<void> {
  await tx.query`
    update brands set name = ${brand.name ?? null}, alternative_text = ${brand.alternativeText},
      colour = ${brand.colour ?? null}, style = ${brand.style}, changed_at = now()
    where id = ${brand.id}`;
}

export async function updateBrandPicture(tx: Tx, id: string, brandPicture: BrandPicture): Promise<void> {
  const { format, picture, width = null, height = null } = brandPicture;
  await tx.query`
    update brands set format = ${format}, picture = ${picture}, width = ${width}, height = ${height}, changed_at = now()
    where id = ${id}`;
}

/** A service's own becomes one that others can be offered. */
export async function shareBrand(tx: Tx, id: string, name: string): Promise<void> {
  await tx.query`update brands set service_id = null, name = ${name} where id = ${id}`;
}

export async function archiveBrand(tx: Tx, id: string): Promise<void> {
  await tx.query`update brands set archived_at = now() where id = ${id}`;
}

/** Nothing may show it any more. */
export async function deleteBrand(tx: Tx, id: string): Promise<void> {
  await tx.query`delete from brands where id = ${id}`;
}

export interface SharedBrand extends BrandFacts {
  name: string;
  /** In use, that show it. */
  services: number;
  /** In whose pools it is. */
  organisations: number;
}

const USES = sqlConstant(`
  (select count(*) from service_brands u join services s on s.id = u.service_id
    where u.brand_id = b.id and s.archived_at is null) as services,
  (select count(*) from organisation_brands p where p.brand_id = b.id) as organisations`);

export async function findSharedBrand(db: Db, { channel, id }: NamedBrand): Promise<SharedBrand | undefined> {
  const [brand] = await db.query<SharedBrand>`
    select ${BRAND_COLUMNS}, ${USES} from brands b
    where b.id = ${id} and b.channel = ${channel} and b.service_id is null and b.archived_at is null`;
  return brand;
}

/** By name; those after the one last seen. */
export function listSharedBrands(
  db: Db,
  { channel, after, limit }: { channel: BrandedChannel; after?: string | undefined; limit: number },
): Promise<SharedBrand[]> {
  const afterId = after ?? null;
  return db.query<SharedBrand>`
    select ${BRAND_COLUMNS}, ${USES} from brands b
    where b.channel = ${channel} and b.service_id is null and b.archived_at is null
      and (${afterId}::uuid is null or (lower(b.name), b.id) > (select lower(a.name), a.id from brands a where a.id = ${afterId}))
    order by lower(b.name), b.id limit ${limit}`;
}
