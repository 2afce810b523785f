/** Reply-to addresses that wait until somebody who reads their mail has followed the link. */
import { type Db, sqlConstant, type Tx } from "../../platform/db.ts";

export interface ReplyToVerification {
  id: string;
  serviceId: string;
  address: string;
  isDefault: boolean;
  /** The address whose place it takes; undefined for one more. */
  replacesId: string | undefined;
  tokenHash: Buffer;
  requestedBy: string;
  createdAt: Date;
  verifiedAt: Date | undefined;
}

const COLUMNS = sqlConstant(
  "v.id, v.service_id, v.address, v.is_default, v.replaces_id, v.token_hash, v.requested_by, v.created_at, v.verified_at",
);

export async function insertVerification(tx: Tx, wanted: Omit<ReplyToVerification, "verifiedAt">): Promise<void> {
  await tx.query`
    insert into reply_to_verifications (id, service_id, address, is_default, replaces_id, token_hash, requested_by, created_at)
    values (${wanted.id}, ${wanted.serviceId}, ${wanted.address}, ${wanted.isDefault}, ${wanted.replacesId ?? null},
      ${wanted.tokenHash}, ${wanted.requestedBy}, ${wanted.createdAt})`;
}

export async function lockVerification(tx: Tx, id: string): Promise<ReplyToVerification | undefined> {
  const [found] = await tx.query<ReplyToVerification>`
    select ${COLUMNS} from reply_to_verifications v where v.id = ${id} for update`;
  return found;
}

/** Those that are still waited for, newest first. */
export function listWaitingVerifications(
  db: Db,
  serviceId: string,
  createdAfter: Date,
): Promise<ReplyToVerification[]> {
  return db.query<ReplyToVerification>`
    select ${COLUMNS} from reply_to_verifications v
    where v.service_id = ${serviceId} and v.verified_at is null and v.created_at > ${createdAfter}
    order by v.created_at desc limit 50`;
}

export async function markVerified(tx: Tx, id: string, at: Date): Promise<void> {
  await tx.query`update reply_to_verifications set verified_at = ${at} where id = ${id}`;
}
