/** Passkeys (W3C Web Authentication): public keys of users' authenticators, and the challenges under way. */
import type { Db, Tx } from "../../platform/db.ts";

export interface Passkey {
  id: string;
  userId: string;
  name: string;
  /** In base64url, as browsers and the standard have it. */
  credentialId: string;
  publicKey: Buffer;
  signCount: number;
  transports: readonly string[];
  createdAt: Date;
  lastUsedAt: Date | undefined;
}

export type ChallengePurpose = "register" | "sign-in";

export function listPasskeys(db: Db, userId: string): Promise<Passkey[]> {
  return db.query<Passkey>`
    select p.id, p.user_id, p.name, p.credential_id, p.public_key, p.sign_count, p.transports, p.created_at, p.last_used_at
    from passkeys p where p.user_id = ${userId} order by p.created_at`;
}

export async function insertPasskey(tx: Tx, passkey: Omit<Passkey, "lastUsedAt">): Promise<void> {
  const { id, userId, name, credentialId, publicKey, signCount, transports, createdAt } = passkey;
  await tx.query`
    insert into passkeys (id, user_id, name, credential_id, public_key, sign_count, transports, created_at)
    values (${id}, ${userId}, ${name}, ${credentialId}, ${publicKey}, ${signCount}, ${transports}, ${createdAt})`;
}

export async function notePasskeyUsed(
  tx: Tx,
  { id, signCount, now }: { id: string; signCount: number; now: Date },
): Promise<void> {
  await tx.query`update passkeys set sign_count = ${signCount}, last_used_at = ${now} where id = ${id}`;
}

/** Whether the user has it. */
export async function renamePasskey(tx: Tx, key: Pick<Passkey, "id" | "userId" | "name">): Promise<boolean> {
  const rows = await tx.query<{ id: string }>`
    update passkeys set name = ${key.name} where id = ${key.id} and user_id = ${key.userId} returning id`;
  return rows.length > 0;
}

/** Whether the user had it. */
export async function deletePasskey(tx: Tx, key: Pick<Passkey, "id" | "userId">): Promise<boolean> {
  const rows = await tx.query<{ id: string }>`
    delete from passkeys where id = ${key.id} and user_id = ${key.userId} returning id`;
  return rows.length > 0;
}

interface Challenge {
  userId: string;
  purpose: ChallengePurpose;
  challenge: string;
  expiresAt: Date;
}

/** The newest challenge takes the place of the one before. */
export async function putChallenge(db: Db, { userId, purpose, challenge, expiresAt }: Challenge): Promise<void> {
  await db.query`
    insert into passkey_challenges (user_id, purpose, challenge, expires_at)
    values (${userId}, ${purpose}, ${challenge}, ${expiresAt})
    on conflict (user_id, purpose) do update set challenge = excluded.challenge, expires_at = excluded.expires_at`;
}

/** Takes the challenge away: it is answered once, rightly or not. */
export async function takeChallenge(
  db: Db,
  { userId, purpose, now }: { userId: string; purpose: ChallengePurpose; now: Date },
): Promise<string | undefined> {
  const [row] = await db.query<{ challenge: string; isLive: boolean }>`
    delete from passkey_challenges where user_id = ${userId} and purpose = ${purpose}
    returning challenge, expires_at > ${now} as is_live`;
  return row?.isLive ? row.challenge : undefined;
}
