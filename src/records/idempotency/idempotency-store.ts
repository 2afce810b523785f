/** Which notification an Idempotency-Key has already made. Only accepted sends are remembered, for 24 hours. */
import type { Db, Tx } from "../../platform/db.ts";
import type { KeyKind } from "../services/service.ts";

const IDEMPOTENCY_HOURS = 24;
/** The constraint that a second send under the same key runs into. */
export const IDEMPOTENCY_CONSTRAINT = "idempotency_keys_once";

export interface IdempotencyKey {
  serviceId: string;
  keyKind: KeyKind;
  /** Hash of the header: its text may hold anything. */
  keyHash: Buffer;
}

export interface RememberedSend extends IdempotencyKey {
  /** Keyed hash of the canonical JSON of the request. */
  bodyHash: Buffer;
  notificationId: string;
}

export async function findRememberedSend(db: Db, key: IdempotencyKey): Promise<RememberedSend | undefined> {
  const [send] = await db.query<RememberedSend>`
    select k.service_id, k.key_kind, k.key_hash, k.body_hash, k.notification_id
    from idempotency_keys k
    where k.service_id = ${key.serviceId} and k.key_kind = ${key.keyKind} and k.key_hash = ${key.keyHash}
      and k.created_at > now() - ${IDEMPOTENCY_HOURS}::integer * interval '1 hour'`;
  return send;
}

/** Remembers sends with what they made. A key that has run out is taken over; one still in force fails the statement. */
export async function rememberSends(tx: Tx, sends: readonly RememberedSend[]): Promise<void> {
  if (sends.length === 0) return;
  const runOut = tx.query`
    delete from idempotency_keys k
    where k.key_hash = any(${sends.map((send) => send.keyHash)}::bytea[])
      and k.created_at <= now() - ${IDEMPOTENCY_HOURS}::integer * interval '1 hour'`;
  const remembered = tx.query`
    insert into idempotency_keys (service_id, key_kind, key_hash, body_hash, notification_id)
    select s.service_id, s.key_kind, s.key_hash, s.body_hash, s.notification_id
    from unnest(
      ${sends.map((send) => send.serviceId)}::uuid[], ${sends.map((send) => send.keyKind)}::text[],
      ${sends.map((send) => send.keyHash)}::bytea[], ${sends.map((send) => send.bodyHash)}::bytea[],
      ${sends.map((send) => send.notificationId)}::uuid[]
    ) as s (service_id, key_kind, key_hash, body_hash, notification_id)`;
  await Promise.all([runOut, remembered]);
}

export async function deleteRunOutKeys(db: Db, limit: number): Promise<number> {
  const deleted = await db.query<{ id: string }>`
    delete from idempotency_keys k where ctid = any(array(
      select i.ctid from idempotency_keys i
      where i.created_at <= now() - ${IDEMPOTENCY_HOURS}::integer * interval '1 hour' limit ${limit}))
    returning k.notification_id as id`;
  return deleted.length;
}
