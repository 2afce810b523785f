/** Senders that a service has asked for, and that a platform administrator approves or refuses. */
import { type Db, sqlConstant, type Tx } from "../../platform/db.ts";

export interface SenderRequest {
  id: string;
  serviceId: string;
  serviceName: string;
  sender: string;
  wantsDefault: boolean;
  /** The sender whose place it takes; undefined for one more. */
  replacesId: string | undefined;
  requestedBy: string;
  requestedByName: string;
  createdAt: Date;
  status: "open" | "approved" | "refused" | "withdrawn";
  decidedByName: string | undefined;
  decidedAt: Date | undefined;
  /** Why it was refused. */
  reason: string | undefined;
  /** Approved because a code that was texted to the number was given back. */
  isProven: boolean;
}

const COLUMNS = sqlConstant(
  `r.id, r.service_id, s.name as service_name, r.sender, r.wants_default, r.replaces_id, r.requested_by,
   u.name as requested_by_name, r.created_at, r.status, d.name as decided_by_name, r.decided_at, r.reason,
   r.is_proven`,
);
const FROM = sqlConstant(
  `text_sender_requests r join services s on s.id = r.service_id join users u on u.id = r.requested_by
   left join users d on d.id = r.decided_by`,
);

const LISTED_MAX = 100;

export async function insertSenderRequest(
  tx: Tx,
  request: Pick<
    SenderRequest,
    "id" | "serviceId" | "sender" | "wantsDefault" | "replacesId" | "requestedBy" | "createdAt"
  >,
): Promise<void> {
  await tx.query`
    insert into text_sender_requests (id, service_id, sender, wants_default, replaces_id, requested_by, created_at)
    values (${request.id}, ${request.serviceId}, ${request.sender}, ${request.wantsDefault}, ${request.replacesId ?? null},
      ${request.requestedBy}, ${request.createdAt})`;
}

export async function findSenderRequest(db: Db, id: string): Promise<SenderRequest | undefined> {
  const [found] = await db.query<SenderRequest>`select ${COLUMNS} from ${FROM} where r.id = ${id}`;
  return found;
}

/** Those that wait, the longest first. */
export function listOpenSenderRequests(db: Db): Promise<SenderRequest[]> {
  return db.query<SenderRequest>`
    select ${COLUMNS} from ${FROM} where r.status = 'open' and s.archived_at is null order by r.created_at limit ${LISTED_MAX}`;
}

/** The newest first. */
export function listDecidedSenderRequests(db: Db, limit: number): Promise<SenderRequest[]> {
  return db.query<SenderRequest>`
    select ${COLUMNS} from ${FROM} where r.status in ('approved', 'refused') order by r.decided_at desc limit ${limit}`;
}

/** A service's that wait, and those refused since: a refusal is shown until the same is asked for again, or withdrawn. */
export function listSenderRequestsOf(db: Db, serviceId: string): Promise<SenderRequest[]> {
  return db.query<SenderRequest>`
    select ${COLUMNS} from ${FROM} where r.service_id = ${serviceId} and r.status in ('open', 'refused')
      and not exists (select from text_sender_requests n
        where n.service_id = r.service_id and lower(n.sender) = lower(r.sender) and n.created_at > r.created_at)
    order by r.created_at limit ${LISTED_MAX}`;
}

/** Whether it waited. */
export async function settleSenderRequest(
  tx: Tx,
  decision: {
    id: string;
    status: "approved" | "refused";
    decidedBy: string;
    reason: string | undefined;
    isProven: boolean;
    now: Date;
  },
): Promise<boolean> {
  const { id, status, decidedBy, reason, isProven, now } = decision;
  const rows = await tx.query<{ id: string }>`
    update text_sender_requests set status = ${status}, decided_by = ${decidedBy}, decided_at = ${now}, reason = ${reason ?? null},
      is_proven = ${isProven}
    where id = ${id} and status = 'open' returning id`;
  return rows.length > 0;
}

/** Whether it was there to be taken back; a refusal that has been read is put away in the same way. */
export async function withdrawSenderRequest(tx: Tx, serviceId: string, id: string): Promise<boolean> {
  const rows = await tx.query<{ id: string }>`
    update text_sender_requests set status = 'withdrawn'
    where id = ${id} and service_id = ${serviceId} and status in ('open', 'refused') returning id`;
  return rows.length > 0;
}
