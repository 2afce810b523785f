import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createPeopleWorld, HERE, type PeopleWorld } from "../../../test/support/people.ts";
import { findSession, listSessions, sessionIdOf } from "../../records/sessions/session-store.ts";
import { endOtherSessions, endSession, setPlatformView, startSession } from "./sessions.ts";

let world: PeopleWorld;
beforeAll(async () => {
  world = await createPeopleWorld();
});
afterAll(() => world.close());

const begin = (userId: string) =>
  startSession(world.app, { userId, stage: "signed-in", ipAddress: HERE.ip, userAgent: "test" });
const find = (token: string) => findSession(world.app.db, token, world.clock.now());
const countOf = async (userId: string) => (await listSessions(world.app.db, userId, world.clock.now())).length;

describe("a session", () => {
  it("is ended by its user, who stays signed in elsewhere", async () => {
    const user = await world.user();
    const [here, there] = [await begin(user.id), await begin(user.id)];
    await endSession(world.app, { userId: user.id, ip: HERE.ip }, sessionIdOf(there));
    expect([await find(here), await find(there)]).toEqual([expect.anything(), undefined]);
  });

  it("of somebody else cannot be ended, nor hidden from", async () => {
    const [user, other] = [await world.user(), await world.user({ isPlatformAdmin: true })];
    const token = await begin(other.id);
    const actor = { userId: user.id, ip: HERE.ip };
    const before = await world.actions();
    await endSession(world.app, actor, sessionIdOf(token));
    await endOtherSessions(world.app, actor, sessionIdOf(token));
    await setPlatformView(world.app, actor, { sessionId: sessionIdOf(token), hides: true });
    expect(await find(token)).toMatchObject({ hidesPlatformView: false });
    expect(await world.actions()).toEqual(before);
  });

  it("stays when all others end, and the audit log says so once", async () => {
    const user = await world.user();
    const [here] = [await begin(user.id), await begin(user.id), await begin(user.id)];
    const actor = { userId: user.id, ip: HERE.ip };
    await endOtherSessions(world.app, actor, sessionIdOf(here));
    await endOtherSessions(world.app, actor, sessionIdOf(here));
    expect([await countOf(user.id), await find(here)]).toEqual([1, expect.anything()]);
    expect((await world.actions()).filter((action) => action === "session.others-ended")).toHaveLength(1);
  });

  it("of a platform administrator hides what only administrators see, alone and until asked again", async () => {
    const user = await world.user({ isPlatformAdmin: true });
    const [here, there] = [await begin(user.id), await begin(user.id)];
    const actor = { userId: user.id, ip: HERE.ip };
    const set = (hides: boolean) => setPlatformView(world.app, actor, { sessionId: sessionIdOf(here), hides });
    const hidden = async () => [await find(here), await find(there)].map((session) => session?.hidesPlatformView);
    await set(true);
    expect(await hidden()).toEqual([true, false]);
    await set(false);
    expect(await hidden()).toEqual([false, false]);
    expect((await world.actions()).slice(-2)).toEqual(["session.platform-view-hidden", "session.platform-view-shown"]);
  });
});
