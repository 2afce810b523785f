import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { type Person, startAdmin, type TestAdmin } from "../../../test/support/admin.ts";
import { PATIENCE } from "../../../test/support/patience.ts";
import { createWorld, type World, type WorldService } from "../../../test/support/world.ts";
import { publishLive } from "../../flow/live.ts";
import { startSession } from "../../flow/people/sessions.ts";
import { newRandomId } from "../../platform/ids.ts";
import { listSessions, type MemberPermission, revokeSessions } from "../../records/sessions/session-store.ts";

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;

let world: World;
let admin: TestAdmin;
let service: WorldService;
beforeAll(async () => {
  world = await createWorld();
  admin = await startAdmin(world.app);
  service = await world.service({ name: "Parks & <Gardens>" });
});
afterAll(async () => {
  await admin.close();
  await world.close();
});

describe("who may open a service", () => {
  it("a member may, and its name is shown as it is", async () => {
    const member = await admin.person({ in: service, permissions: ["view_activity"] });
    const page = await member.get(`/services/${service.id}`);
    expect(page.status).toBe(200);
    expect(page.text).toContain("Parks &amp; &lt;Gardens&gt;");
  });

  it("somebody else finds nothing, whether it exists or not", async () => {
    const other = await admin.person();
    const answers = [await other.get(`/services/${service.id}`), await other.get(`/services/${newRandomId()}`)];
    expect(answers.map(({ status }) => status)).toEqual([404, 404]);
    expect((await other.get("/services/not-an-id")).status).toBe(404);
  });

  it("a platform administrator may look in", async () => {
    const operator = await admin.person({ isPlatformAdmin: true });
    expect((await operator.get(`/services/${service.id}`)).status).toBe(200);
    expect((await operator.get(`/services/${newRandomId()}`)).status).toBe(404);
  });

  it("a member of one that was deleted is told so", async () => {
    const past = await world.service();
    const member = await admin.person({ in: past });
    await world.app.db.query`update services set archived_at = now() where id = ${past.id}`;
    world.app.services.forget(past.id);
    const page = await member.get(`/services/${past.id}`);
    expect([page.status, page.text]).toEqual([403, expect.stringContaining("has been deleted")]);
  });

  it("somebody who has not signed in is asked to, and comes back", async () => {
    const answer = await admin.stranger().get(`/services/${service.id}?a=b`);
    const next = encodeURIComponent(`/services/${service.id}?a=b`);
    expect([answer.status, answer.location]).toEqual([303, `/sign-in?next=${next}`]);
  });

  it("somebody who owes a second factor is asked to sign in", async () => {
    const half = await admin.person({ in: service, stage: "password-given" });
    expect((await half.get("/services")).location).toMatch(/^\/sign-in/);
  });
});

describe("a session", () => {
  it("ends 20 hours after it began, however much it is used", async () => {
    const person = await admin.person();
    world.clock.advance(19 * HOUR_MS);
    expect((await person.get("/services")).status).toBe(200);
    world.clock.advance(2 * HOUR_MS);
    expect((await person.get("/services")).status).toBe(303);
  });

  it("of a platform administrator ends after 30 idle minutes", async () => {
    const operator = await admin.person({ isPlatformAdmin: true });
    world.clock.advance(29 * MINUTE_MS);
    expect((await operator.get("/services")).status).toBe(200);
    world.clock.advance(29 * MINUTE_MS);
    expect((await operator.get("/services")).status).toBe(200);
    world.clock.advance(31 * MINUTE_MS);
    expect((await operator.get("/services")).status).toBe(303);
  });

  it("of a platform administrator is not kept alive by a page that is left open", async () => {
    const operator = await admin.person({ isPlatformAdmin: true });
    world.clock.advance(20 * MINUTE_MS);
    expect((await operator.get("/services", { "sec-fetch-dest": "empty" })).status).toBe(200);
    world.clock.advance(11 * MINUTE_MS);
    expect((await operator.get("/services")).status).toBe(303);
  });

  it("that was left idle for too long is listed no longer, and until then with its end", async () => {
    const [operator, person] = [await admin.person({ isPlatformAdmin: true }), await admin.person()];
    const endsIn = async ({ userId }: Person) => {
      const now = world.clock.now();
      const sessions = await listSessions(world.app.db, userId, now);
      return sessions.map(({ endsAt }) => Math.round((endsAt.getTime() - now.getTime()) / MINUTE_MS));
    };
    expect([await endsIn(operator), await endsIn(person)]).toEqual([[30], [20 * 60]]);
    const { text } = await operator.get("/account/sessions");
    expect(text).toContain("signed out after 30 minutes without opening a page");
    expect(text).toContain("unless it is used again");
    expect((await person.get("/account/sessions")).text).not.toMatch(/30 minutes|unless it is used again/);
    world.clock.advance(31 * MINUTE_MS);
    expect([await endsIn(operator), await endsIn(person)]).toEqual([[], [20 * 60 - 31]]);
  });

  it("that was revoked elsewhere counts no longer", async () => {
    const person = await admin.person();
    await world.app.db.transaction((tx) => revokeSessions(tx, { userId: person.userId, now: world.clock.now() }));
    expect((await person.get("/services")).status).toBe(303);
  });

  it("notes when it was last seen once a minute, not with every page", async () => {
    const person = await admin.person();
    const lastSeen = async () => {
      const [session] = await listSessions(world.app.db, person.userId, world.clock.now());
      return session?.lastSeenAt.getTime();
    };
    const first = await lastSeen();
    await person.get("/services");
    expect(await lastSeen()).toBe(first);
    world.clock.advance(MINUTE_MS);
    await person.get("/services");
    expect(await lastSeen()).toBeGreaterThan(first ?? 0);
  });

  it("ends when its person signs out, which the audit log knows", async () => {
    const person = await admin.person();
    const answer = await person.post("/sign-out");
    expect([answer.status, answer.location]).toEqual([303, "/sign-in"]);
    expect((await person.get("/services")).status).toBe(303);
    const entries = await world.app.db.query<{ action: string }>`
      select a.action from audit_log a where a.actor = ${person.userId}`;
    expect(entries).toEqual([{ action: "session.ended" }]);
  });
});

describe("what is sent", () => {
  it("is refused when it is longer than any form", async () => {
    const answer = await admin.stranger().post("/sign-in", { emailAddress: "a".repeat(600 * 1024) });
    expect([answer.status, answer.text]).toEqual([413, expect.stringContaining("Make it shorter")]);
  });

  it("is refused when it is no form", async () => {
    const headers = { "content-type": "application/json" };
    const response = await fetch(`${admin.url}/sign-in`, { method: "POST", headers, body: "{}" });
    expect(response.status).toBe(400);
    expect(await response.text()).toContain("could not read that request");
  });

  it("is told in a page when there is nothing at the address", async () => {
    const answer = await admin.stranger().get("/no/such/page");
    expect([answer.status, answer.text]).toEqual([404, expect.stringContaining("Page not found")]);
  });
});

describe("what happens while somebody looks", () => {
  async function follow(path: string, cookie: string) {
    const leaving = new AbortController();
    const response = await fetch(`${admin.url}${path}`, { headers: { cookie }, signal: leaving.signal });
    const seen = { text: "" };
    const reading = (async () => {
      for await (const chunk of response.body ?? []) seen.text += Buffer.from(chunk).toString();
    })().catch(() => {});
    const leave = async () => {
      leaving.abort();
      await reading;
    };
    return { response, seen, leave };
  }

  async function cookieOfMember(permissions: readonly MemberPermission[]): Promise<string> {
    const person = await admin.person({ in: service, permissions });
    const wish = { userId: person.userId, stage: "signed-in", ipAddress: "127.0.0.1", userAgent: "test" } as const;
    return `pennypost-session=${await startSession(world.app, wish)}`;
  }

  it("reaches those who may see it, and whoever comes back gets what was missed", async () => {
    const topic = `service.${service.id}.counters`;
    const cookie = await cookieOfMember(["view_activity"]);
    const first = await follow(`/live?topic=${topic}`, cookie);
    expect(first.response.headers.get("content-type")).toContain("text/event-stream");
    expect(first.response.headers.get("x-accel-buffering")).toBe("no");
    await publishLive(world.app.db, [{ topic, data: { delivered: 1 } }]);
    await vi.waitFor(() => expect(first.seen.text).toContain('"delivered":1'), PATIENCE);
    const lastSeen = [...first.seen.text.matchAll(/^id: (.+)$/gm)].at(-1)?.[1];
    await first.leave();
    await publishLive(world.app.db, [{ topic, data: { delivered: 2 } }]);
    const again = await follow(`/live?topic=${topic}&after=${lastSeen}`, cookie);
    await vi.waitFor(() => expect(again.seen.text).toContain('"delivered":2'), PATIENCE);
    expect(again.seen.text).not.toContain('"delivered":1');
    expect(again.seen.text).not.toContain("event: reset");
    await again.leave();
  });

  it("tells whoever was away too long to ask for the page anew", async () => {
    const cookie = await cookieOfMember(["view_activity"]);
    const stream = await follow(`/live?topic=service.${service.id}.counters&after=${newRandomId()}`, cookie);
    await vi.waitFor(() => expect(stream.seen.text).toContain("event: reset"), PATIENCE);
    await stream.leave();
  });

  it("does not reach those who may not see it", async () => {
    const topic = `service.${service.id}.counters`;
    const cookie = await cookieOfMember([]);
    const other = await cookieOfMember(["view_activity"]);
    const [blind, seeing] = [await follow(`/live?topic=${topic}`, cookie), await follow(`/live?topic=${topic}`, other)];
    await publishLive(world.app.db, [{ topic, data: { delivered: 3 } }]);
    await vi.waitFor(() => expect(seeing.seen.text).toContain('"delivered":3'), PATIENCE);
    expect(blind.seen.text).not.toContain("delivered");
    await Promise.all([blind.leave(), seeing.leave()]);
  });

  it("is not for those who have not signed in", async () => {
    const answer = await admin.stranger().get("/live?topic=x", { accept: "text/event-stream" });
    expect(answer.status).toBe(401);
  });
});
