/** Which templates hide the values of what was sent with them. */
import type { Db } from "../../platform/db.ts";

export async function listTemplatesThatHide(db: Db, templateIds: readonly string[]): Promise<Set<string>> {
  if (templateIds.length === 0) return new Set();
  const rows = await db.query<{ id: string }>`
    select t.id from templates t where t.id = any(${templateIds}::uuid[]) and t.hides_personalisation_since is not null`;
  return new Set(rows.map(({ id }) => id));
}
