/** Complaints, looked up. */
import type { Db } from "../../platform/db.ts";
import type { NewComplaint } from "./complaint-store.ts";

export async function findComplaintAbout(db: Db, notificationId: string): Promise<NewComplaint | undefined> {
  const [complaint] = await db.query<NewComplaint>`
    select c.id, c.notification_id, c.service_id, c.complained_at from complaints c
    where c.notification_id = ${notificationId}`;
  return complaint;
}
