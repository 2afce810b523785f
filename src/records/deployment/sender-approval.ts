/** Which new senders wait for a platform administrator. */
import type { Db, Tx } from "../../platform/db.ts";

/**
 * All of them · telephone numbers that do not receive the service's texts, which may be anybody's · none. Until somebody has said, numbers
 * do; installations that had approval on have it for all.
 */
export const SENDER_APPROVALS = ["all", "unproven-numbers", "none"] as const;
export type SenderApproval = (typeof SENDER_APPROVALS)[number];

export async function getSenderApproval(db: Db): Promise<SenderApproval> {
  const [row] = await db.query<{ approval: SenderApproval | undefined; asksAll: boolean | undefined }>`
    select d.settings ->> 'senderApproval' as approval, (d.settings ->> 'approvesSenders')::boolean as asks_all from deployment d`;
  return row?.approval ?? (row?.asksAll ? "all" : "unproven-numbers");
}

/** Processes of the release before go by the truth value. */
export async function setSenderApproval(tx: Tx, senderApproval: SenderApproval): Promise<void> {
  const settings = JSON.stringify({ senderApproval, approvesSenders: senderApproval === "all" });
  const rows = await tx.query<{ id: string }>`
    update deployment set settings = settings || ${settings}::jsonb returning id`;
  if (rows.length === 0) throw new Error("the deployment row is missing");
}
