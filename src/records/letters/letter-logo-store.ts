/** What a service's letters show at the top left. */
import type { LogoFormat } from "../../core/letter/check-logo.ts";
import type { Db, Tx } from "../../platform/db.ts";

export interface KeptLogo {
  format: LogoFormat;
  picture: Buffer;
  description: string;
}

export async function findLetterLogo(db: Db, serviceId: string): Promise<KeptLogo | undefined> {
  const [logo] = await db.query<KeptLogo>`
    select l.format, l.picture, l.description from letter_logos l where l.service_id = ${serviceId}`;
  return logo;
}

export async function putLetterLogo(tx: Tx, serviceId: string, logo: KeptLogo): Promise<void> {
  await tx.query`
    insert into letter_logos (service_id, format, picture, description)
    values (${serviceId}, ${logo.format}, ${logo.picture}, ${logo.description})
    on conflict (service_id) do update
      set format = excluded.format, picture = excluded.picture, description = excluded.description, created_at = now()`;
}

export async function deleteLetterLogo(tx: Tx, serviceId: string): Promise<boolean> {
  const rows = await tx.query`delete from letter_logos where service_id = ${serviceId} returning service_id`;
  return rows.length > 0;
}
