/** People who ask to join a service, and whom they asked. */
import type { Db, Tx } from "../../platform/db.ts";

export type JoinRequestStatus = "pending" | "approved" | "refused";

export interface JoinRequest {
  id: string;
  serviceId: string;
  userId: string;
  reason: string | undefined;
  status: JoinRequestStatus;
  createdAt: Date;
  decidedBy: string | undefined;
  decidedAt: Date | undefined;
  /** The managers who were asked. */
  managerIds: readonly string[];
  userName: string;
  userEmailAddress: string;
  serviceName: string;
  decidedByName: string | undefined;
}

export async function insertJoinRequest(
  tx: Tx,
  request: Pick<JoinRequest, "id" | "serviceId" | "userId" | "reason" | "createdAt" | "managerIds">,
): Promise<void> {
  const { id, serviceId, userId, reason, createdAt, managerIds } = request;
  await tx.query`
    insert into join_requests (id, service_id, user_id, reason, status, created_at)
    values (${id}, ${serviceId}, ${userId}, ${reason ?? null}, 'pending', ${createdAt})`;
  await tx.query`
    insert into join_request_managers (join_request_id, user_id)
    select ${id}::uuid, m from unnest(${managerIds}::uuid[]) as m`;
}

export async function findJoinRequest(db: Db, id: string): Promise<JoinRequest | undefined> {
  const [request] = await db.query<JoinRequest>`
    select r.id, r.service_id, r.user_id, r.reason, r.status, r.created_at, r.decided_by, r.decided_at,
      array(select m.user_id::text from join_request_managers m where m.join_request_id = r.id) as manager_ids,
      u.name as user_name, u.email_address as user_email_address, s.name as service_name, d.name as decided_by_name
    from join_requests r join users u on u.id = r.user_id join services s on s.id = r.service_id
    left join users d on d.id = r.decided_by
    where r.id = ${id}`;
  return request;
}

/** Those of a service that wait, the longest first. */
export function listPendingJoinRequests(db: Db, serviceId: string): Promise<JoinRequest[]> {
  return db.query<JoinRequest>`
    select r.id, r.service_id, r.user_id, r.reason, r.status, r.created_at, r.decided_by, r.decided_at,
      array(select m.user_id::text from join_request_managers m where m.join_request_id = r.id) as manager_ids,
      u.name as user_name, u.email_address as user_email_address, s.name as service_name, null::text as decided_by_name
    from join_requests r join users u on u.id = r.user_id join services s on s.id = r.service_id
    where r.service_id = ${serviceId} and r.status = 'pending' and u.archived_at is null order by r.created_at, r.id`;
}

/** Whether it waited. */
export async function settleJoinRequest(
  tx: Tx,
  decision: { id: string; status: Exclude<JoinRequestStatus, "pending">; decidedBy: string; now: Date },
): Promise<boolean> {
  const { id, status, decidedBy, now } = decision;
  const rows = await tx.query<{ id: string }>`
    update join_requests set status = ${status}, decided_by = ${decidedBy}, decided_at = ${now}
    where id = ${id} and status = 'pending' returning id`;
  return rows.length > 0;
}

/** Of somebody whose account is taken away. */
export async function refusePendingJoinRequestsOf(
  tx: Tx,
  { userId, decidedBy, now }: { userId: string; decidedBy: string; now: Date },
): Promise<void> {
  await tx.query`
    update join_requests set status = 'refused', decided_by = ${decidedBy}, decided_at = ${now}
    where user_id = ${userId} and status = 'pending'`;
}
