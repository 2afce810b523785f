/** Links sent to a user's mailbox, kept as hashes of their tokens. */
import type { Db, Tx } from "../../platform/db.ts";

export type LinkPurpose = "sign-in" | "password" | "email-address";

export interface AccountLink {
  tokenHash: Buffer;
  userId: string;
  purpose: LinkPurpose;
  /** The new address that the link was sent to. */
  emailAddress: string | undefined;
  createdAt: Date;
  expiresAt: Date;
}

/** How a link is now; `isOutdated`: the password was changed after it was sent. */
export type KnownLink = AccountLink & { usedAt: Date | undefined; isOutdated: boolean };

export async function insertLink(tx: Tx, link: AccountLink): Promise<void> {
  await tx.query`
    insert into account_links (token_hash, user_id, purpose, email_address, created_at, expires_at)
    values (${link.tokenHash}, ${link.userId}, ${link.purpose}, ${link.emailAddress ?? null}, ${link.createdAt}, ${link.expiresAt})`;
}

export async function findLink(db: Db, tokenHash: Buffer, purpose: LinkPurpose): Promise<KnownLink | undefined> {
  const [link] = await db.query<KnownLink>`
    select l.token_hash, l.user_id, l.purpose, l.email_address, l.created_at, l.expires_at, l.used_at,
      coalesce(u.password_changed_at > l.created_at, false) as is_outdated
    from account_links l join users u on u.id = l.user_id
    where l.token_hash = ${tokenHash} and l.purpose = ${purpose} and u.archived_at is null`;
  return link;
}

/** Whether it was live and is used now. */
export async function useLink(tx: Tx, tokenHash: Buffer, now: Date): Promise<boolean> {
  const rows = await tx.query<{ userId: string }>`
    update account_links set used_at = ${now}
    where token_hash = ${tokenHash} and used_at is null and expires_at > ${now} returning user_id`;
  return rows.length > 0;
}

/** Links of a user that wait to be used are of no more use. */
export async function useUpLinks(tx: Tx, userId: string, now: Date): Promise<void> {
  await tx.query`update account_links set used_at = ${now} where user_id = ${userId} and used_at is null`;
}

export async function deleteLinksBefore(db: Db, before: Date): Promise<number> {
  const rows = await db.query<{
    userId: string;
  }>`delete from account_links where expires_at < ${before} returning user_id`;
  return rows.length;
}
