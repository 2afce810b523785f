/** Who a user is at the organisation's own sign-in (OpenID Connect): the issuer and the subject, which never changes there. */
import type { Db, Tx } from "../../platform/db.ts";

export interface Identity {
  issuer: string;
  subject: string;
}

export async function findUserOfIdentity(db: Db, { issuer, subject }: Identity): Promise<string | undefined> {
  const [row] = await db.query<{ userId: string }>`
    select i.user_id from single_sign_on_identities i join users u on u.id = i.user_id
    where i.issuer = ${issuer} and i.subject = ${subject} and u.archived_at is null`;
  return row?.userId;
}

export async function insertIdentity(tx: Tx, identity: Identity & { userId: string; now: Date }): Promise<void> {
  await tx.query`
    insert into single_sign_on_identities (issuer, subject, user_id, created_at)
    values (${identity.issuer}, ${identity.subject}, ${identity.userId}, ${identity.now})
    on conflict (issuer, subject) do update set user_id = excluded.user_id`;
}

/** Of somebody whose account is taken away. */
export async function deleteIdentities(tx: Tx, userId: string): Promise<void> {
  await tx.query`delete from single_sign_on_identities where user_id = ${userId}`;
}
