import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { createPeopleWorld, HERE, type PeopleWorld } from "../../../test/support/people.ts";
import type { WorldService } from "../../../test/support/world.ts";
import { newId } from "../../platform/ids.ts";
import { listAudit } from "../../records/audit/audit-store.ts";
import { type CallbackAttempt, insertCallbackAttempts } from "../../records/callbacks/callback-attempt-store.ts";
import { noteFailures } from "../../records/callbacks/failing-callback-store.ts";
import { insertMember, type MemberPermission } from "../../records/services/member-store.ts";
import { resumeEndpoint } from "../keys/callbacks.ts";
import { pauseFailingEndpoints } from "./pause-failing.ts";

const HOUR_MS = 3_600_000;

let world: PeopleWorld;
let service: WorldService;
let manager: string;
beforeAll(async () => {
  world = await createPeopleWorld();
});
afterAll(() => world.close());
beforeEach(async () => {
  service = await world.service({ callbacks: { "delivery-receipt": "https://systems.example.org/told" } });
  manager = await member("manage_service");
});

async function member(permission: MemberPermission): Promise<string> {
  const { id: userId, emailAddress } = await world.user();
  const joining = { serviceId: service.id, userId, permissions: [permission] };
  await world.app.db.transaction((tx) => insertMember(tx, joining));
  return emailAddress;
}

const callbackId = () => service.callbacks[0]?.id ?? "";
const hoursAgo = (hours: number) => new Date(world.app.clock.now().getTime() - hours * HOUR_MS);

function fail(times: number, at: Date): Promise<void> {
  return world.app.db.transaction((tx) => noteFailures(tx, new Map([[callbackId(), times]]), at));
}

/** Something is taken now. */
function take(): Promise<void> {
  const attempt: CallbackAttempt = {
    ...{ callbackId: callbackId(), serviceId: service.id, subjectId: newId(), kind: "delivery-receipt", attempt: 1 },
    ...{ outcome: "delivered", httpStatus: 204, problem: undefined, durationMs: 9 },
  };
  return world.app.db.transaction((tx) => insertCallbackAttempts(tx, [attempt]));
}

async function isPaused(): Promise<boolean> {
  return (await world.reload(service)).callbacks[0]?.pausedAt !== undefined;
}

it("an endpoint that has taken nothing for a day is paused, and those who look after it are told once", async () => {
  const developer = await member("manage_api_keys");
  const onlooker = await member("view_activity");
  await fail(30, hoursAgo(25));
  await fail(30, hoursAgo(1));
  expect(await pauseFailingEndpoints(world.app)).toEqual({ paused: 1 });
  expect(await pauseFailingEndpoints(world.app)).toEqual({ paused: 0 });
  expect(await isPaused()).toBe(true);
  const [mail, ...more] = await world.mailTo(manager);
  expect(more).toEqual([]);
  expect(mail?.subject).toBe(`An endpoint of ${service.name} is paused`);
  expect(mail?.body).toContain(`/services/${service.id}/developers/callbacks`);
  expect(await world.mailTo(developer)).toHaveLength(1);
  expect(await world.mailTo(onlooker)).toEqual([]);
  const [entry] = await listAudit(world.app.db, { serviceId: service.id, limit: 1 });
  expect(entry).toMatchObject({ action: "callback.paused", after: { failures: 60 } });
});

it.each([
  ["few failures", 49, 48],
  ["failures of less than a day", 5_000, 23],
  ["failures of an hour, after which nothing was tried", 5_000, 48],
])("%s pause nothing", async (_, failures, hours) => {
  await fail(failures, hoursAgo(hours));
  expect(await pauseFailingEndpoints(world.app)).toEqual({ paused: 0 });
  expect(await isPaused()).toBe(false);
});

it("one that takes something now and then is not paused, and is counted anew", async () => {
  await fail(5_000, hoursAgo(48));
  await fail(1, hoursAgo(1));
  await take();
  expect(await pauseFailingEndpoints(world.app)).toEqual({ paused: 0 });
  const left = await world.app.db
    .query`select f.callback_id from callback_failures f where f.callback_id = ${callbackId()}`;
  expect(left).toEqual([]);
});

it("one that is resumed is told again, and has another day", async () => {
  await fail(60, hoursAgo(25));
  await fail(1, hoursAgo(1));
  expect(await pauseFailingEndpoints(world.app)).toEqual({ paused: 1 });
  service = { ...(await world.reload(service)), secrets: service.secrets };
  const { id: userId } = await world.user();
  const endpointId = service.callbacks[0]?.endpointId ?? "";
  await resumeEndpoint(world.app, { userId, ip: HERE.ip }, { service, endpointId });
  expect(await isPaused()).toBe(false);
  await fail(60, hoursAgo(0));
  expect(await pauseFailingEndpoints(world.app)).toEqual({ paused: 0 });
  const actions = (await listAudit(world.app.db, { serviceId: service.id, limit: 1 })).map(({ action }) => action);
  expect(actions).toEqual(["callback.resumed"]);
});
