/** Complaints about emails, one for each. */
import type { Tx } from "../../platform/db.ts";

export interface NewComplaint {
  id: string;
  notificationId: string;
  serviceId: string;
  complainedAt: Date;
}

/** Says whether it was the first about its notification. */
export async function insertComplaint(tx: Tx, complaint: NewComplaint): Promise<boolean> {
  const rows = await tx.query<{ id: string }>`
    insert into complaints (id, notification_id, service_id, complained_at)
    values (${complaint.id}, ${complaint.notificationId}, ${complaint.serviceId}, ${complaint.complainedAt})
    on conflict (notification_id) do nothing
    returning id`;
  return rows.length > 0;
}
