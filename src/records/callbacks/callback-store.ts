/** Where a service wants to be told. A change makes a new row, so a delivery under way keeps the address it began with. */
import { type Db, sqlConstant, type Tx } from "../../platform/db.ts";
import { open, seal } from "../../platform/sealing.ts";
import type { Callback } from "../services/service.ts";
import { sealedAt } from "../services/service-store.ts";

/** Each is told of everything it has chosen: more would only cost. */
export const ENDPOINTS_MAX = 10;

interface Owner {
  serviceId: string;
  dataKey: Buffer;
}

export const CALLBACK_COLUMNS = sqlConstant(
  "c.id, c.endpoint_id, c.kinds, c.url, c.paused_at, c.sealed_bearer_token, c.sealed_signing_secret",
);

export type CallbackRow = Omit<Callback, "bearerToken" | "signingSecret"> & {
  sealedBearerToken: Buffer;
  sealedSigningSecret: Buffer;
};

/** The endpoints in use, opened, the first made first. */
export async function listCallbacks(db: Db, { serviceId, dataKey }: Owner): Promise<Callback[]> {
  const rows = await db.query<CallbackRow>`
    select ${CALLBACK_COLUMNS} from callbacks c
    where c.service_id = ${serviceId} and c.replaced_at is null order by c.endpoint_id`;
  return rows.map((row) => openCallbackRow(dataKey, row));
}

export function openCallbackRow(
  dataKey: Buffer,
  { sealedBearerToken, sealedSigningSecret, ...row }: CallbackRow,
): Callback {
  const opened = (belongsTo: string, sealed: Buffer) => open({ key: dataKey, belongsTo }, sealed).toString();
  return {
    ...row,
    bearerToken: opened(sealedAt.callbackToken(row.id), sealedBearerToken),
    signingSecret: opened(sealedAt.callbackSecret(row.id), sealedSigningSecret),
  };
}

/** Takes the place of what the endpoint was before, if it was there. */
export async function replaceCallback(
  tx: Tx,
  { serviceId, dataKey }: Owner,
  callback: Omit<Callback, "pausedAt">,
): Promise<void> {
  await removeCallback(tx, serviceId, callback.endpointId);
  const token = seal({ key: dataKey, belongsTo: sealedAt.callbackToken(callback.id) }, callback.bearerToken);
  const secret = seal({ key: dataKey, belongsTo: sealedAt.callbackSecret(callback.id) }, callback.signingSecret);
  await tx.query`
    insert into callbacks (id, service_id, endpoint_id, kinds, url, sealed_bearer_token, sealed_signing_secret)
    values (${callback.id}, ${serviceId}, ${callback.endpointId}, ${callback.kinds}, ${callback.url}, ${token}, ${secret})`;
}

export async function removeCallback(tx: Tx, serviceId: string, endpointId: string): Promise<void> {
  await tx.query`
    update callbacks set replaced_at = now()
    where service_id = ${serviceId} and endpoint_id = ${endpointId} and replaced_at is null`;
}

/** All that an endpoint has been, as the log of attempts names it. */
export async function listCallbackIds(db: Db, serviceId: string, endpointId: string): Promise<string[]> {
  const rows = await db.query<{ id: string }>`
    select c.id from callbacks c where c.service_id = ${serviceId} and c.endpoint_id = ${endpointId}`;
  return rows.map(({ id }) => id);
}
