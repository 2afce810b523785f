/** A service's API keys. Secrets are sealed under the service's key: the database alone cannot mint a token. */
import type { Db, Tx } from "../../platform/db.ts";
import { open, seal } from "../../platform/sealing.ts";
import type { KeyKind } from "../services/service.ts";
import { sealedAt } from "../services/service-store.ts";

export interface StoredApiKey {
  id: string;
  name: string;
  kind: KeyKind;
  /** The last part of the key, a UUID. */
  secret: string;
}

interface Owner {
  serviceId: string;
  dataKey: Buffer;
}

/** The keys in use, opened. */
export async function listApiKeys(db: Db, { serviceId, dataKey }: Owner): Promise<StoredApiKey[]> {
  const rows = await db.query<Omit<StoredApiKey, "secret"> & { sealedSecret: Buffer }>`
    select k.id, k.name, k.kind, k.sealed_secret
    from api_keys k where k.service_id = ${serviceId} and k.revoked_at is null order by k.name`;
  return rows.map(({ sealedSecret, ...key }) => ({
    ...key,
    secret: open({ key: dataKey, belongsTo: sealedAt.apiKey(key.id) }, sealedSecret).toString(),
  }));
}

export async function insertApiKey(tx: Tx, { serviceId, dataKey }: Owner, key: StoredApiKey): Promise<void> {
  await tx.query`
    insert into api_keys (id, service_id, name, kind, sealed_secret)
    values (${key.id}, ${serviceId}, ${key.name}, ${key.kind}, ${sealSecret(dataKey, key)})`;
}

/** Gives a key another name or secret. */
export async function updateApiKey(tx: Tx, { dataKey }: Owner, key: StoredApiKey): Promise<void> {
  await tx.query`update api_keys set name = ${key.name}, sealed_secret = ${sealSecret(dataKey, key)} where id = ${key.id}`;
}

/** Nobody can use it from now on; what it sent is still known to be its. */
export async function revokeApiKey(tx: Tx, id: string): Promise<void> {
  await tx.query`update api_keys set revoked_at = now() where id = ${id} and revoked_at is null`;
}

function sealSecret(dataKey: Buffer, { id, secret }: StoredApiKey): Buffer {
  return seal({ key: dataKey, belongsTo: sealedAt.apiKey(id) }, secret);
}
