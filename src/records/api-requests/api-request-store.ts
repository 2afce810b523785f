/** Requests that services' systems made, for their people to see: no bodies, no recipients, for three days. */
import type { Db } from "../../platform/db.ts";
import { firstIdAt, newId, timeOfId } from "../../platform/ids.ts";

export interface ApiRequest {
  serviceId: string;
  apiKeyId: string;
  method: string;
  /** Without a query, and without what is no id of ours. */
  path: string;
  status: number;
  durationMs: number;
  /** What was wrong, without personal data; undefined when nothing was. */
  error: string | undefined;
}

export interface LoggedRequest extends ApiRequest {
  id: string;
  at: Date;
}

const WALKED_MAX = 20_000;
const LAST_ID = "ffffffff-ffff-ffff-ffff-ffffffffffff";

export async function insertApiRequests(db: Db, requests: readonly (ApiRequest & { at: Date })[]): Promise<void> {
  if (requests.length === 0) return;
  const column = <Key extends keyof ApiRequest>(key: Key) => requests.map((request) => request[key] ?? null);
  await db.query`
    insert into api_requests (id, service_id, api_key_id, method, path, status, duration_ms, error)
    select r.id, r.service_id, r.api_key_id, r.method, r.path, r.status, r.duration_ms, r.error
    from unnest(
      ${requests.map(({ at }) => newId(at))}::uuid[], ${column("serviceId")}::uuid[], ${column("apiKeyId")}::uuid[],
      ${column("method")}::text[], ${column("path")}::text[], ${column("status")}::smallint[],
      ${column("durationMs")}::integer[], ${column("error")}::text[]
    ) as r (id, service_id, api_key_id, method, path, status, duration_ms, error)`;
}

/** The newest requests of a service. */
export async function listApiRequests(
  db: Db,
  filter: { serviceId: string; onlyErrors?: boolean; apiKeyId?: string; olderThan?: string; limit: number },
): Promise<LoggedRequest[]> {
  const { serviceId, onlyErrors = false, apiKeyId = null, olderThan = LAST_ID, limit } = filter;
  const rows = await db.query<Omit<LoggedRequest, "at">>`
    select r.id, r.service_id, r.api_key_id, r.method, r.path, r.status, r.duration_ms, r.error from (
      select a.id, a.service_id, a.api_key_id, a.method, a.path, a.status, a.duration_ms, a.error from api_requests a
      where a.service_id = ${serviceId} and a.id < ${olderThan}::uuid order by a.id desc limit ${WALKED_MAX}) r
    where not (${onlyErrors} and r.status < 400) and (${apiKeyId}::uuid is null or r.api_key_id = ${apiKeyId})
    order by r.id desc limit ${limit}`;
  return rows.map((row) => ({ ...row, at: timeOfId(row.id) }));
}

/** Deletes up to `limit` requests made before a moment; says how many. */
export async function deleteApiRequests(db: Db, past: { before: Date; limit: number }): Promise<number> {
  const deleted = await db.query<{ id: string }>`
    delete from api_requests where id = any(array(
      select a.id from api_requests a where a.id < ${firstIdAt(past.before)}::uuid limit ${past.limit}))
    returning id`;
  return deleted.length;
}
