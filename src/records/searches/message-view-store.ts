/** Searches of messages that people keep under a name: their own, and those of the team. Names and what is searched for are sealed. */
import type { Db, Tx } from "../../platform/db.ts";

/** More than a page has room for. */
const LISTED_MAX = 200;

export interface MessageView {
  id: string;
  serviceId: string;
  /** Who made it. */
  userId: string;
  isShared: boolean;
  sealedView: Buffer;
  createdAt: Date;
}

type Viewer = Pick<MessageView, "serviceId" | "userId">;

export async function insertMessageView(tx: Tx, view: MessageView): Promise<void> {
  await tx.query`
    insert into message_views (id, service_id, user_id, is_shared, sealed_view, created_at)
    values (${view.id}, ${view.serviceId}, ${view.userId}, ${view.isShared}, ${view.sealedView}, ${view.createdAt})`;
}

/** What somebody sees in a service: their own and those that are shared, the first made first. */
export function listMessageViews(db: Db, { serviceId, userId }: Viewer): Promise<MessageView[]> {
  return db.query<MessageView>`
    select v.id, v.service_id, v.user_id, v.is_shared, v.sealed_view, v.created_at from message_views v
    where v.service_id = ${serviceId} and (v.is_shared or v.user_id = ${userId}) order by v.id limit ${LISTED_MAX}`;
}

export async function updateMessageView(
  tx: Tx,
  { id, isShared, sealedView }: Pick<MessageView, "id" | "isShared" | "sealedView">,
): Promise<void> {
  await tx.query`update message_views set is_shared = ${isShared}, sealed_view = ${sealedView} where id = ${id}`;
}

export async function deleteMessageView(tx: Tx, id: string): Promise<void> {
  await tx.query`delete from message_views where id = ${id}`;
}

/** Of somebody who has left the service. What they shared stays with the team. */
export async function deleteOwnMessageViews(tx: Tx, { serviceId, userId }: Viewer): Promise<void> {
  await tx.query`
    delete from message_views where service_id = ${serviceId} and user_id = ${userId} and not is_shared`;
}
