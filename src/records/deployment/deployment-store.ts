/** The one row that is true of the whole installation. */
import type { Database } from "../../platform/db.ts";

export interface Deployment {
  id: string;
  masterKeyFingerprint: string;
  settings: Record<string, unknown>;
  createdAt: Date;
}

/** Reads the row, making it at the very first start; several processes at once agree on the first. */
export async function findOrMakeDeployment(
  db: Database,
  first: { id: string; masterKeyFingerprint: string },
): Promise<Deployment> {
  await db.query`
    insert into deployment (id, master_key_fingerprint) values (${first.id}, ${first.masterKeyFingerprint}) on conflict do nothing`;
  const [deployment] = await db.query<Deployment>`
    select d.id, d.master_key_fingerprint, d.settings, d.created_at from deployment d`;
  if (!deployment) throw new Error("the deployment row is missing");
  return deployment;
}
