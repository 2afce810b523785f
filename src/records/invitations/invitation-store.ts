/** Invitations to work on a service, or to join an organisation. */
import { type Db, sqlConstant, type Tx } from "../../platform/db.ts";
import type { MemberPermission } from "../services/member-store.ts";

export type InvitationStatus = "pending" | "accepted" | "cancelled";

export interface Invitation {
  id: string;
  /** One of the two. */
  serviceId: string | undefined;
  organisationId: string | undefined;
  emailAddress: string;
  permissions: readonly MemberPermission[];
  hiddenFolderIds: readonly string[];
  mayMakeLive: boolean;
  status: InvitationStatus;
  invitedBy: string;
  createdAt: Date;
  expiresAt: Date;
}

/** With the names a page shows. */
export interface NamedInvitation extends Invitation {
  invitedByName: string;
  /** Of the service or the organisation. */
  toName: string;
}

const COLUMNS =
  sqlConstant(`i.id, i.service_id, i.organisation_id, i.email_address, i.permissions, i.hidden_folder_ids, i.may_make_live,
  i.status, i.invited_by, i.created_at, i.expires_at, u.name as invited_by_name, coalesce(s.name, o.name) as to_name`);
const JOINS = sqlConstant(`join users u on u.id = i.invited_by left join services s on s.id = i.service_id
  left join organisations o on o.id = i.organisation_id`);

export async function insertInvitation(tx: Tx, invitation: Invitation & { tokenHash: Buffer }): Promise<void> {
  const { id, serviceId, organisationId, emailAddress, permissions, hiddenFolderIds, mayMakeLive } = invitation;
  await tx.query`
    insert into invitations (id, service_id, organisation_id, email_address, permissions, hidden_folder_ids, may_make_live,
      status, token_hash, invited_by, created_at, expires_at)
    values (${id}, ${serviceId ?? null}, ${organisationId ?? null}, ${emailAddress}, ${permissions}, ${hiddenFolderIds},
      ${mayMakeLive}, ${invitation.status}, ${invitation.tokenHash}, ${invitation.invitedBy}, ${invitation.createdAt},
      ${invitation.expiresAt})`;
}

export async function findInvitationByToken(db: Db, tokenHash: Buffer): Promise<NamedInvitation | undefined> {
  const [invitation] = await db.query<NamedInvitation>`
    select ${COLUMNS} from invitations i ${JOINS} where i.token_hash = ${tokenHash}`;
  return invitation;
}

export async function findInvitation(db: Db, id: string): Promise<NamedInvitation | undefined> {
  const [invitation] =
    await db.query<NamedInvitation>`select ${COLUMNS} from invitations i ${JOINS} where i.id = ${id}`;
  return invitation;
}

/** Those that wait, also the ones that came too late: they can be sent again. */
export function listPendingInvitations(
  db: Db,
  to: { serviceId?: string; organisationId?: string },
): Promise<NamedInvitation[]> {
  const { serviceId = null, organisationId = null } = to;
  return db.query<NamedInvitation>`
    select ${COLUMNS} from invitations i ${JOINS}
    where i.status = 'pending' and (i.service_id = ${serviceId}::uuid or i.organisation_id = ${organisationId}::uuid)
    order by i.created_at desc`;
}

/** A new link takes the place of the old one; false when it waits no longer. */
export async function renewInvitation(
  tx: Tx,
  { id, tokenHash, expiresAt }: { id: string; tokenHash: Buffer; expiresAt: Date },
): Promise<boolean> {
  const rows = await tx.query<{ id: string }>`
    update invitations set token_hash = ${tokenHash}, expires_at = ${expiresAt}
    where id = ${id} and status = 'pending' returning id`;
  return rows.length > 0;
}

/** Whether it waited. */
export async function settleInvitation(
  tx: Tx,
  { id, status, now }: { id: string; status: Exclude<InvitationStatus, "pending">; now: Date },
): Promise<boolean> {
  const rows = await tx.query<{ id: string }>`
    update invitations set status = ${status}, settled_at = ${now} where id = ${id} and status = 'pending' returning id`;
  return rows.length > 0;
}
