/** Whether a new sender waits for a platform administrator. */
import type { Db, Tx } from "../../platform/db.ts";

export async function asksSenderApproval(db: Db): Promise<boolean> {
  const [row] = await db.query<{ asks: boolean | undefined }>`
    select (d.settings ->> 'approvesSenders')::boolean as asks from deployment d`;
  return row?.asks ?? false;
}

export async function setSenderApproval(tx: Tx, approvesSenders: boolean): Promise<void> {
  const rows = await tx.query<{ id: string }>`
    update deployment set settings = settings || ${JSON.stringify({ approvesSenders })}::jsonb returning id`;
  if (rows.length === 0) throw new Error("the deployment row is missing");
}
