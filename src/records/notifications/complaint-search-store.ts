/** Complaints, looked up. */
import type { Db } from "../../platform/db.ts";
import type { NewComplaint } from "./complaint-store.ts";

export async function findComplaintAbout(db: Db, notificationId: string): Promise<NewComplaint | undefined> {
  const [complaint] = await db.query<NewComplaint>`
    select c.id, c.notification_id, c.service_id, c.complained_at from complaints c
    where c.notification_id = ${notificationId}`;
  return complaint;
}

export interface ListedComplaint {
  id: string;
  complainedAt: Date;
  notificationId: string;
  serviceId: string;
  serviceName: string;
  /** When the email was made, and the name its template had; undefined once the email is no longer kept. */
  emailMadeAt: Date | undefined;
  templateName: string | undefined;
}

export interface ComplaintPage {
  /** Left out: of all services. */
  serviceId?: string | undefined;
  /** Complaints from this moment on. */
  from?: Date | undefined;
  /** Complaints before this moment. */
  before?: Date | undefined;
  /** The id of the last complaint seen. */
  olderThan?: string | undefined;
  limit: number;
}

/** Newest first. */
export function listComplaints(db: Db, page: ComplaintPage): Promise<ListedComplaint[]> {
  const { serviceId = null, from = null, before = null, olderThan = null, limit } = page;
  return db.query<ListedComplaint>`
    select c.id, c.complained_at, c.notification_id, c.service_id, s.name as service_name,
      n.created_at as email_made_at, v.name as template_name
    from complaints c
      join services s on s.id = c.service_id
      left join notifications n on n.id = c.notification_id
      left join template_versions v on v.template_id = n.template_id and v.version = n.template_version
    where (${serviceId}::uuid is null or c.service_id = ${serviceId})
      and (${from}::timestamptz is null or c.complained_at >= ${from})
      and (${before}::timestamptz is null or c.complained_at < ${before})
      and (${olderThan}::uuid is null
        or (c.complained_at, c.id) < (select last.complained_at, last.id from complaints last where last.id = ${olderThan}))
    order by c.complained_at desc, c.id desc limit ${limit}`;
}

export async function countComplaintsSince(db: Db, serviceId: string, since: Date): Promise<number> {
  const [row] = await db.query<{ complaints: number }>`
    select count(*)::integer as complaints from complaints c
    where c.service_id = ${serviceId} and c.complained_at >= ${since}`;
  return row?.complaints ?? 0;
}
