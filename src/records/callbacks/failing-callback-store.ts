/** Endpoints that do not take what they are told: how often, since when, and which of them are told nothing any more. */
import type { Failures } from "../../core/delivery/failing-endpoint.ts";
import type { Db, Tx } from "../../platform/db.ts";
import { firstIdAt } from "../../platform/ids.ts";

export interface FailingCallback extends Failures {
  callbackId: string;
  endpointId: string;
  serviceId: string;
  serviceName: string;
  url: string;
}

/** Attempts of this moment that were not taken, by callback. */
export async function noteFailures(tx: Tx, failed: ReadonlyMap<string, number>, at: Date): Promise<void> {
  if (failed.size === 0) return;
  // In one order everywhere, so that two who write at once wait for one another and not in a circle.
  const counts = [...failed].sort(([one], [other]) => (one < other ? -1 : 1));
  await tx.query`
    insert into callback_failures (callback_id, failures, first_failed_at, last_failed_at)
    select f.callback_id, f.failures, ${at}, ${at}
    from unnest(${counts.map(([id]) => id)}::uuid[], ${counts.map(([, count]) => count)}::integer[]) as f (callback_id, failures)
    join callbacks c on c.id = f.callback_id
    order by f.callback_id
    on conflict (callback_id) do update
      set failures = callback_failures.failures + excluded.failures, last_failed_at = excluded.last_failed_at`;
}

/** Of those in use, after one of them in order of their ids, that have failed since before a moment. */
export function listFailing(
  db: Db,
  { failedBefore, after, limit }: { failedBefore: Date; after: string; limit: number },
): Promise<FailingCallback[]> {
  return db.query<FailingCallback>`
    select f.callback_id, c.endpoint_id, c.service_id, s.name as service_name, c.url, f.failures, f.first_failed_at,
      f.last_failed_at
    from callback_failures f join callbacks c on c.id = f.callback_id join services s on s.id = c.service_id
    where f.first_failed_at <= ${failedBefore} and c.replaced_at is null and c.paused_at is null and s.archived_at is null
      and f.callback_id > ${after}
    order by f.callback_id limit ${limit}`;
}

/** Whether anything was taken since the failures began. */
export async function hasTakenSince(
  db: Db,
  { callbackId, serviceId, firstFailedAt }: FailingCallback,
): Promise<boolean> {
  const [taken] = await db.query<{ id: string }>`
    select a.id from callback_attempts a
    where a.service_id = ${serviceId} and a.id >= ${firstIdAt(firstFailedAt)}::uuid and a.callback_id = ${callbackId}
      and a.outcome = 'delivered'
    order by a.id desc limit 1`;
  return taken !== undefined;
}

/** It has taken something, or is begun with anew. */
export async function forgetFailures(db: Db, callbackId: string): Promise<void> {
  await db.query`delete from callback_failures where callback_id = ${callbackId}`;
}

/** Those of states that endpoints were in before, and those after which none came for long. */
export async function forgetPastFailures(db: Db, { noneSince }: { noneSince: Date }): Promise<void> {
  await db.query`
    delete from callback_failures f using callbacks c
    where c.id = f.callback_id and (c.replaced_at is not null or f.last_failed_at < ${noneSince})`;
}

/** Says whether it was in use and not paused yet. */
export async function pauseCallback(tx: Tx, callbackId: string, at: Date): Promise<boolean> {
  const paused = await tx.query<{ id: string }>`
    update callbacks c set paused_at = ${at}
    where c.id = ${callbackId} and c.replaced_at is null and c.paused_at is null returning c.id`;
  return paused.length > 0;
}

/** Says whether it was paused. */
export async function resumeCallback(tx: Tx, serviceId: string, endpointId: string): Promise<boolean> {
  const resumed = await tx.query<{ id: string }>`
    update callbacks c set paused_at = null
    where c.service_id = ${serviceId} and c.endpoint_id = ${endpointId} and c.replaced_at is null and c.paused_at is not null
    returning c.id`;
  return resumed.length > 0;
}
