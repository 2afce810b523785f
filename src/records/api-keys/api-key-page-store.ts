/** API keys as people look after them: when and whence they were used, until when they hold. Secrets stay where they are. */
import { type Db, sqlConstant, type Tx } from "../../platform/db.ts";
import type { KeyKind } from "../services/service.ts";

export interface ListedApiKey {
  id: string;
  name: string;
  kind: KeyKind;
  createdAt: Date;
  /** Who made it: a user's id; undefined when the command line did. */
  createdBy: string | undefined;
  revokedAt: Date | undefined;
  /** It is refused from then on. */
  expiresAt: Date | undefined;
  /** In CIDR notation; empty: from anywhere. */
  allowedNetworks: readonly string[];
  lastUsedAt: Date | undefined;
  lastUsedFrom: string | undefined;
}

const KEYS_MAX = 500;
const COLUMNS = sqlConstant(`
  k.id, k.name, k.kind, k.created_at, k.created_by, k.revoked_at, k.expires_at, k.allowed_networks, k.last_used_at, k.last_used_from`);

/** Those in use first, then the revoked ones, newest first. */
export function listKeysOf(db: Db, serviceId: string): Promise<ListedApiKey[]> {
  return db.query<ListedApiKey>`
    select ${COLUMNS} from api_keys k where k.service_id = ${serviceId}
    order by k.revoked_at desc nulls first, k.created_at desc limit ${KEYS_MAX}`;
}

export async function findKey(db: Db, serviceId: string, id: string): Promise<ListedApiKey | undefined> {
  const [key] = await db.query<ListedApiKey>`
    select ${COLUMNS} from api_keys k where k.id = ${id} and k.service_id = ${serviceId}`;
  return key;
}

/** Whatever became of it. */
export async function findKeyName(db: Db, serviceId: string, id: string): Promise<string | undefined> {
  return (await findKey(db, serviceId, id))?.name;
}

export interface KeyTerms {
  id: string;
  expiresAt: Date | undefined;
  allowedNetworks: readonly string[];
}

export async function updateKeyTerms(tx: Tx, { id, expiresAt, allowedNetworks }: KeyTerms): Promise<void> {
  await tx.query`
    update api_keys set expires_at = ${expiresAt ?? null}, allowed_networks = ${allowedNetworks}::text[] where id = ${id}`;
}

export async function nameKeyMaker(tx: Tx, id: string, createdBy: string): Promise<void> {
  await tx.query`update api_keys set created_by = ${createdBy} where id = ${id}`;
}

export async function renameKey(tx: Tx, id: string, name: string): Promise<void> {
  await tx.query`update api_keys set name = ${name} where id = ${id}`;
}

export interface KeyUse {
  keyId: string;
  at: Date;
  from: string;
}

/** Notes when keys were last used; an older note never takes the place of a newer one. */
export async function noteKeyUses(db: Db, uses: readonly KeyUse[]): Promise<void> {
  if (uses.length === 0) return;
  await db.query`
    update api_keys k set last_used_at = u.at, last_used_from = u.used_from
    from unnest(${uses.map(({ keyId }) => keyId)}::uuid[], ${uses.map(({ at }) => at)}::timestamptz[],
      ${uses.map(({ from }) => from)}::text[]) as u (id, at, used_from)
    where k.id = u.id and (k.last_used_at is null or k.last_used_at < u.at)`;
}

/** Keys that have run out are revoked at the moment they did; says how many. */
export async function revokeExpiredKeys(db: Db, now: Date): Promise<number> {
  const revoked = await db.query<{ id: string }>`
    update api_keys set revoked_at = expires_at where revoked_at is null and expires_at <= ${now} returning id`;
  return revoked.length;
}
