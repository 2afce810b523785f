/** Requests for a service to go live, with what was said about them. */
import type { Db, Tx } from "../../platform/db.ts";

export type GoLiveStatus = "open" | "approved" | "refused";

export interface GoLiveRequest {
  id: string;
  serviceId: string;
  serviceName: string;
  organisationId: string | undefined;
  requestedBy: string;
  requestedByName: string;
  status: GoLiveStatus;
  createdAt: Date;
  decidedBy: string | undefined;
  decidedByName: string | undefined;
  decidedAt: Date | undefined;
}

export interface GoLiveComment {
  id: string;
  userName: string;
  body: string;
  createdAt: Date;
}

export async function insertGoLiveRequest(
  tx: Tx,
  request: Pick<GoLiveRequest, "id" | "serviceId" | "requestedBy" | "createdAt">,
): Promise<void> {
  const { id, serviceId, requestedBy, createdAt } = request;
  await tx.query`
    insert into go_live_requests (id, service_id, requested_by, status, created_at)
    values (${id}, ${serviceId}, ${requestedBy}, 'open', ${createdAt})`;
}

export async function findGoLiveRequest(db: Db, id: string): Promise<GoLiveRequest | undefined> {
  const [request] = await db.query<GoLiveRequest>`
    select r.id, r.service_id, s.name as service_name, s.organisation_id, r.requested_by, u.name as requested_by_name, r.status,
      r.created_at, r.decided_by, d.name as decided_by_name, r.decided_at
    from go_live_requests r join services s on s.id = r.service_id join users u on u.id = r.requested_by
    left join users d on d.id = r.decided_by
    where r.id = ${id}`;
  return request;
}

/** The newest of a service. */
export async function findLatestGoLiveRequest(db: Db, serviceId: string): Promise<GoLiveRequest | undefined> {
  const [row] = await db.query<{ id: string }>`
    select r.id from go_live_requests r where r.service_id = ${serviceId} order by r.created_at desc limit 1`;
  return row && findGoLiveRequest(db, row.id);
}

/** Those that wait, the longest first; of one organisation, or of all. */
export function listOpenGoLiveRequests(db: Db, organisationId?: string): Promise<GoLiveRequest[]> {
  return db.query<GoLiveRequest>`
    select r.id, r.service_id, s.name as service_name, s.organisation_id, r.requested_by, u.name as requested_by_name, r.status,
      r.created_at, r.decided_by, null::text as decided_by_name, r.decided_at
    from go_live_requests r join services s on s.id = r.service_id join users u on u.id = r.requested_by
    where r.status = 'open' and s.archived_at is null
      and (${organisationId ?? null}::uuid is null or s.organisation_id = ${organisationId ?? null})
    order by r.created_at`;
}

/** The latest decisions, the newest first. */
export function listDecidedGoLiveRequests(db: Db, limit: number): Promise<GoLiveRequest[]> {
  return db.query<GoLiveRequest>`
    select r.id, r.service_id, s.name as service_name, s.organisation_id, r.requested_by, u.name as requested_by_name, r.status,
      r.created_at, r.decided_by, d.name as decided_by_name, r.decided_at
    from go_live_requests r join services s on s.id = r.service_id join users u on u.id = r.requested_by
    left join users d on d.id = r.decided_by
    where r.status <> 'open' order by r.decided_at desc limit ${limit}`;
}

/** Whether it waited. */
export async function settleGoLiveRequest(
  tx: Tx,
  decision: { id: string; status: Exclude<GoLiveStatus, "open">; decidedBy: string; now: Date },
): Promise<boolean> {
  const { id, status, decidedBy, now } = decision;
  const rows = await tx.query<{ id: string }>`
    update go_live_requests set status = ${status}, decided_by = ${decidedBy}, decided_at = ${now}
    where id = ${id} and status = 'open' returning id`;
  return rows.length > 0;
}

export async function insertGoLiveComment(
  tx: Tx,
  comment: { id: string; requestId: string; userId: string; body: string; createdAt: Date },
): Promise<void> {
  await tx.query`
    insert into go_live_comments (id, request_id, user_id, body, created_at)
    values (${comment.id}, ${comment.requestId}, ${comment.userId}, ${comment.body}, ${comment.createdAt})`;
}

export function listGoLiveComments(db: Db, requestId: string): Promise<GoLiveComment[]> {
  return db.query<GoLiveComment>`
    select c.id, u.name as user_name, c.body, c.created_at
    from go_live_comments c join users u on u.id = c.user_id where c.request_id = ${requestId} order by c.id`;
}
