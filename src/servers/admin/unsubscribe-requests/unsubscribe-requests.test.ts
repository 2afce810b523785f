import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Person, startAdmin, type TestAdmin } from "../../../../test/support/admin.ts";
import { createWorld, type World, type WorldService } from "../../../../test/support/world.ts";
import { deletePastPageData } from "../../../flow/upkeep/tidy.ts";
import { listAuditEntries } from "../../../records/audit/audit-store.ts";
import { keepUnsubscribeRequest } from "../../../records/unsubscribe-requests/unsubscribe-request-store.ts";

const DAY_MS = 86_400_000;

let world: World;
let admin: TestAdmin;
let service: WorldService;
let member: Person;
let url: string;
beforeAll(async () => {
  world = await createWorld();
  admin = await startAdmin(world.app);
});
afterAll(async () => {
  await admin.close();
  await world.close();
});
beforeEach(async () => {
  service = await world.service();
  member = await admin.person({ in: service, permissions: ["view_activity"] });
  url = `/services/${service.id}/unsubscribe-requests`;
});

async function ask(recipient: string): Promise<void> {
  const template = await world.template(service, { channel: "email", name: "News", subject: "News", body: "News" });
  const { id, templateId } = await world.notification(service, { template, channel: "email", to: recipient });
  await keepUnsubscribeRequest(world.app.db, service, { notificationId: id, templateId, recipient });
}

const recipientsIn = (text: string) => [...text.matchAll(/[a-z]+@example\.org/g)].map(([address]) => address);
const csvIn = (text: string) => /href="([^"]+\.csv\?[^"]+)"/.exec(text)?.[1]?.replaceAll("&amp;", "&") ?? "";
const lastIn = (text: string) => /name="upTo" value="([^"]+)"/.exec(text)?.[1] ?? "";

describe("unsubscribe requests", () => {
  it("are counted on the dashboard, shown, and taken away, the first made first", async () => {
    expect((await member.get(`/services/${service.id}`)).text).toContain("Unsubscribe requests: none waiting");
    await ask("ann@example.org");
    await ask("bob@example.org");
    expect((await member.get(`/services/${service.id}`)).text).toContain("2 unsubscribe requests");
    const { text } = await member.get(url);
    expect(text).toContain("2 requests are waiting");
    expect(recipientsIn(text)).toEqual(["ann@example.org", "bob@example.org"]);
    const csv = await member.get(csvIn(text));
    expect(csv.headers.get("content-type")).toContain("text/csv");
    expect(csv.text).toMatch(/^\uFEFF?Email address,Template,Email sent,Requested\r\nann@example\.org,News,/);
  });

  it("are marked as done with those that came in meanwhile left waiting, and found again by when that was", async () => {
    await ask("ann@example.org");
    const upTo = lastIn((await member.get(url)).text);
    await ask("bob@example.org");
    expect((await member.post(`${url}/completions`, { upTo })).location).toBe(url);
    const { text } = await member.get(url);
    expect([recipientsIn(text), text.includes("1 request was marked as done")]).toEqual([["bob@example.org"], true]);
    const [done = ""] = /href="([^"]+done=[^"]+)"/.exec(text)?.slice(1) ?? [];
    expect(recipientsIn((await member.get(done)).text)).toEqual(["ann@example.org"]);
    const entries = await listAuditEntries(world.app.db, { serviceId: service.id, limit: 9 });
    expect(entries).toMatchObject([{ action: "unsubscribe-requests.completed", after: { requests: 1 } }]);
  });

  it("are the service's own to mark: not a platform administrator's, nor another service's", async () => {
    await ask("ann@example.org");
    const operator = await admin.person({ isPlatformAdmin: true });
    const { text } = await operator.get(url);
    expect([recipientsIn(text), lastIn(text)]).toEqual([["ann@example.org"], ""]);
    const upTo = lastIn((await member.get(url)).text);
    expect((await operator.post(`${url}/completions`, { upTo })).status).toBe(403);
    const other = await world.service();
    const elsewhere = await admin.person({ in: other, permissions: ["view_activity"] });
    await elsewhere.post(`/services/${other.id}/unsubscribe-requests/completions`, { upTo });
    expect(recipientsIn((await member.get(url)).text)).toEqual(["ann@example.org"]);
  });

  it("that are marked twice are marked once, and what is no request is refused", async () => {
    await ask("ann@example.org");
    const upTo = lastIn((await member.get(url)).text);
    await Promise.all([1, 2].map(() => member.post(`${url}/completions`, { upTo })));
    expect(await listAuditEntries(world.app.db, { serviceId: service.id, limit: 9 })).toHaveLength(1);
    expect((await member.post(`${url}/completions`, { upTo: "all" })).status).toBe(400);
    expect((await member.get(`${url}.csv?done=never`)).status).toBe(404);
  });

  it("are forgotten 90 days after they were done, and never while they wait", async () => {
    await ask("ann@example.org");
    const upTo = lastIn((await member.get(url)).text);
    await member.post(`${url}/completions`, { upTo });
    await ask("bob@example.org");
    const { clock } = world;
    const later = { ...world.app, clock: { now: () => new Date(clock.now().getTime() + 91 * DAY_MS) } };
    await deletePastPageData(later);
    const { text } = await member.get(url);
    expect([recipientsIn(text), text.includes("done=")]).toEqual([["bob@example.org"], false]);
  });
});
