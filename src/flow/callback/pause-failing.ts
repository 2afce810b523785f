/**
 * Endpoints that have taken nothing for a day are told nothing more, and those who look after the service are told that. For the
 * housekeeping: callbacks themselves count failures alone, so one that is taken costs nothing more.
 */
import { failedLongEnoughBefore, isToBePaused } from "../../core/delivery/failing-endpoint.ts";
import { Refusal } from "../../core/refusal.ts";
import { insertAuditEntries } from "../../records/audit/audit-store.ts";
import {
  type FailingCallback,
  forgetFailures,
  forgetPastFailures,
  hasTakenSince,
  listFailing,
  pauseCallback,
} from "../../records/callbacks/failing-callback-store.ts";
import { listTeam } from "../../records/services/team-store.ts";
import type { App } from "../app.ts";
import { createIntake } from "../intake/create-intake.ts";
import { createPeople, type People } from "../people/people.ts";

const ENDPOINTS_AT_ONCE = 100;
const FIRST_ID = "00000000-0000-0000-0000-000000000000";
const PAUSED_BY = "Pennypost";
/** Shorter than attempts are kept: whether any of them was taken can still be seen. */
const FORGOTTEN_AFTER_MS = 7 * 24 * 60 * 60_000;

export async function pauseFailingEndpoints(app: App): Promise<{ paused: number }> {
  const people = createPeople(createIntake(app));
  const now = app.clock.now();
  const failedBefore = failedLongEnoughBefore(now);
  await forgetPastFailures(app.db, { noneSince: new Date(now.getTime() - FORGOTTEN_AFTER_MS) });
  let paused = 0;
  for (let after = FIRST_ID; ; ) {
    const failing = await listFailing(app.db, { failedBefore, after, limit: ENDPOINTS_AT_ONCE });
    for (const callback of failing) if (await pauseIfDead(people, callback)) paused += 1;
    const last = failing.at(-1);
    if (!last || failing.length < ENDPOINTS_AT_ONCE) return { paused };
    after = last.callbackId;
  }
}

async function pauseIfDead(people: People, callback: FailingCallback): Promise<boolean> {
  const { db, clock, log, services } = people;
  if (!isToBePaused(callback)) return false;
  if (await hasTakenSince(db, callback)) {
    await forgetFailures(db, callback.callbackId);
    return false;
  }
  const now = clock.now();
  const { callbackId, serviceId, endpointId, failures, firstFailedAt, url } = callback;
  await tellManagers(people, callback);
  await db.transaction(async (tx) => {
    if (!(await pauseCallback(tx, callbackId, now))) return;
    const after = { url, failures, failingSince: firstFailedAt.toISOString() };
    const deed = { action: "callback.paused", subject: `endpoint ${endpointId}`, after };
    await insertAuditEntries(tx, [{ actor: PAUSED_BY, serviceId, ...deed }]);
  });
  services.forget(serviceId);
  log.warn("callback.paused", { serviceId, endpointId, failures });
  return true;
}

/** Those who manage the service, and those who may resume the endpoint. */
async function tellManagers(people: People, failing: FailingCallback): Promise<void> {
  const { callbackId, serviceId, serviceName, url, firstFailedAt } = failing;
  const told = (await listTeam(people.db, serviceId)).filter(({ permissions }) =>
    permissions.some((one) => one === "manage_service" || one === "manage_api_keys"),
  );
  const { admin, own = "" } = people.origins;
  const link = `${admin ?? own}/services/${serviceId}/developers/callbacks`;
  const onceAs = `paused ${callbackId} ${firstFailedAt.toISOString()}`;
  for (const { name, emailAddress } of told) {
    const values = { name, service: serviceName, host: new URL(url).host, link };
    await sendOnce(people, { kind: "callback-paused", to: emailAddress, values, onceAs });
  }
}

/** A run that broke off has told some of them: they are not told again. */
async function sendOnce(people: People, message: Parameters<People["post"]["send"]>[0]): Promise<void> {
  try {
    await people.post.send(message);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    if (error.kind !== "conflict") people.log.warn("callback.pause-not-told", { reason: error.kind });
  }
}
