/** Complaints, looked up. */
import type { Db } from "../../platform/db.ts";
import type { NewComplaint } from "./complaint-store.ts";

export async function findComplaintAbout(db: Db, notificationId: string): Promise<NewComplaint | undefined> {
  const [complaint] = await db.query<NewComplaint>`
    select c.id, c.notification_id, c.service_id, c.complained_at from complaints c
    where c.notification_id = ${notificationId}`;
  return complaint;
}

export interface ListedComplaint extends NewComplaint {
  serviceName: string;
}

/** The latest first; those before the one last seen. */
export function listComplaints(
  db: Db,
  { after, limit }: { after: string | undefined; limit: number },
): Promise<ListedComplaint[]> {
  const before = after ?? null;
  return db.query<ListedComplaint>`
    select c.id, c.notification_id, c.service_id, c.complained_at, s.name as service_name
    from complaints c join services s on s.id = c.service_id
    where ${before}::uuid is null or c.id < ${before}::uuid
    order by c.id desc limit ${limit}`;
}
