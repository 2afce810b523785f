/** What a service's emails show above their words. */
import type { PictureSize } from "../../core/files/png.ts";
import type { Db, Tx } from "../../platform/db.ts";

/** Of the picture all but the picture. */
export interface EmailBrandFacts extends PictureSize {
  alternativeText: string;
  /** "#00573f"; the logo stands on white without one. */
  bannerColour: string | undefined;
}

export interface EmailBrand extends EmailBrandFacts {
  /** PNG. */
  picture: Buffer;
}

export async function findEmailBrand(db: Db, serviceId: string): Promise<EmailBrand | undefined> {
  const [brand] = await db.query<EmailBrand>`
    select b.picture, b.width, b.height, b.alternative_text, b.banner_colour
    from email_brands b where b.service_id = ${serviceId}`;
  return brand;
}

/** For pages, which show the picture by its address. */
export async function findEmailBrandFacts(db: Db, serviceId: string): Promise<EmailBrandFacts | undefined> {
  const [brand] = await db.query<EmailBrandFacts>`
    select b.width, b.height, b.alternative_text, b.banner_colour from email_brands b where b.service_id = ${serviceId}`;
  return brand;
}

export async function putEmailBrand(tx: Tx, serviceId: string, brand: EmailBrand): Promise<void> {
  const { picture, width, height, alternativeText, bannerColour = null } = brand;
  await tx.query`
    insert into email_brands (service_id, picture, width, height, alternative_text, banner_colour)
    values (${serviceId}, ${picture}, ${width}, ${height}, ${alternativeText}, ${bannerColour})
    on conflict (service_id) do update
      set picture = excluded.picture, width = excluded.width, height = excluded.height,
        alternative_text = excluded.alternative_text, banner_colour = excluded.banner_colour, created_at = now()`;
}

export async function deleteEmailBrand(tx: Tx, serviceId: string): Promise<boolean> {
  const rows = await tx.query`delete from email_brands where service_id = ${serviceId} returning service_id`;
  return rows.length > 0;
}
