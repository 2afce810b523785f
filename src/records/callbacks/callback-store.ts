/** Where a service wants to be told. A change makes a new row, so a delivery under way keeps the address it began with. */
import type { Db, Tx } from "../../platform/db.ts";
import { open, seal } from "../../platform/sealing.ts";
import type { Callback } from "../services/service.ts";
import { sealedAt } from "../services/service-store.ts";

interface Owner {
  serviceId: string;
  dataKey: Buffer;
}

type CallbackRow = Pick<Callback, "id" | "kind" | "url"> & { sealedBearerToken: Buffer; sealedSigningSecret: Buffer };

/** The callbacks in use, opened. */
export async function listCallbacks(db: Db, { serviceId, dataKey }: Owner): Promise<Callback[]> {
  const rows = await db.query<CallbackRow>`
    select c.id, c.kind, c.url, c.sealed_bearer_token, c.sealed_signing_secret
    from callbacks c where c.service_id = ${serviceId} and c.replaced_at is null order by c.kind`;
  return rows.map(({ id, kind, url, ...sealed }) => ({
    id,
    kind,
    url,
    bearerToken: open({ key: dataKey, belongsTo: sealedAt.callbackToken(id) }, sealed.sealedBearerToken).toString(),
    signingSecret: open(
      { key: dataKey, belongsTo: sealedAt.callbackSecret(id) },
      sealed.sealedSigningSecret,
    ).toString(),
  }));
}

/** Takes the place of the callback of its kind, if there is one. */
export async function replaceCallback(tx: Tx, { serviceId, dataKey }: Owner, callback: Callback): Promise<void> {
  await removeCallback(tx, serviceId, callback.kind);
  const token = seal({ key: dataKey, belongsTo: sealedAt.callbackToken(callback.id) }, callback.bearerToken);
  const secret = seal({ key: dataKey, belongsTo: sealedAt.callbackSecret(callback.id) }, callback.signingSecret);
  await tx.query`
    insert into callbacks (id, service_id, kind, url, sealed_bearer_token, sealed_signing_secret)
    values (${callback.id}, ${serviceId}, ${callback.kind}, ${callback.url}, ${token}, ${secret})`;
}

export async function removeCallback(tx: Tx, serviceId: string, kind: Callback["kind"]): Promise<void> {
  await tx.query`
    update callbacks set replaced_at = now() where service_id = ${serviceId} and kind = ${kind} and replaced_at is null`;
}
