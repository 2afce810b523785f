/** What contacts have said yes to. A consent that was taken back stays, as long as its contact does: it says what was so, and when. */
import type { Db, Tx } from "../../platform/db.ts";
import type { StoredConsent } from "./contact.ts";

/** Those that do not stand already; answers their ids. */
export async function insertConsents(tx: Tx, consents: readonly StoredConsent[]): Promise<string[]> {
  if (consents.length === 0) return [];
  const made = await tx.query<{ id: string }>`
    insert into contact_consents (id, contact_id, purpose, given_at, sealed_words)
    select n.id, n.contact_id, n.purpose, n.given_at, n.sealed_words
    from unnest(
      ${consents.map(({ id }) => id)}::uuid[], ${consents.map(({ contactId }) => contactId)}::uuid[],
      ${consents.map(({ purpose }) => purpose)}::text[], ${consents.map(({ givenAt }) => givenAt)}::timestamptz[],
      ${consents.map(({ sealedWords }) => sealedWords)}::bytea[]
    ) as n (id, contact_id, purpose, given_at, sealed_words)
    on conflict (contact_id, purpose) where withdrawn_at is null do nothing
    returning id`;
  return made.map(({ id }) => id);
}

/** Of these contacts, the oldest first. */
export function listConsents(db: Db, contactIds: readonly string[]): Promise<StoredConsent[]> {
  return db.query<StoredConsent>`
    select n.id, n.contact_id, n.purpose, n.given_at, n.withdrawn_at, n.sealed_words from contact_consents n
    where n.contact_id = any(${contactIds}::uuid[]) order by n.contact_id, n.id`;
}

/** The one that stands; held until the transaction ends. */
export async function lockConsent(
  tx: Tx,
  { contactId, purpose }: { contactId: string; purpose: string },
): Promise<StoredConsent | undefined> {
  const [found] = await tx.query<StoredConsent>`
    select n.id, n.contact_id, n.purpose, n.given_at, n.withdrawn_at, n.sealed_words from contact_consents n
    where n.contact_id = ${contactId} and n.purpose = ${purpose} and n.withdrawn_at is null for update`;
  return found;
}

export async function withdrawConsent(
  tx: Tx,
  { id, withdrawnAt, sealedWords }: { id: string; withdrawnAt: Date; sealedWords: Buffer },
): Promise<void> {
  await tx.query`
    update contact_consents set withdrawn_at = ${withdrawnAt}, sealed_words = ${sealedWords} where id = ${id}`;
}
