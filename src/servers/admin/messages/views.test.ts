import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Person, startAdmin, type TestAdmin } from "../../../../test/support/admin.ts";
import { createPeopleWorld, type PeopleWorld } from "../../../../test/support/people.ts";
import type { WorldService } from "../../../../test/support/world.ts";
import { listAuditEntries } from "../../../records/audit/audit-store.ts";
import type { MemberPermission } from "../../../records/sessions/session-store.ts";

const NUMBER = "07700 900321";

let world: PeopleWorld;
let admin: TestAdmin;
let service: WorldService;
let list: string;
let maker: Person;

beforeAll(async () => {
  world = await createPeopleWorld();
  admin = await startAdmin(world.app);
});
afterAll(async () => {
  await admin.close();
  await world.close();
});
beforeEach(async () => {
  service = await world.service();
  list = `/services/${service.id}/messages`;
  maker = await member("view_activity");
});

const member = (...permissions: MemberPermission[]) => admin.person({ in: service, permissions });
const viewsIn = (text: string) => [...text.matchAll(/<li><a class="govuk-link" href="([^"]+)"[^>]*>([^<]+)<\/a>/g)];
const hrefOf = async (person: Person, name: string) => {
  const found = viewsIn((await person.get(list)).text).find(([, , text]) => text === name);
  return found?.[1]?.replaceAll("&amp;", "&");
};

/** Searches as the page does, and keeps what is found under a name. */
async function keep(person: Person, fields: Record<string, string>, wish: Record<string, string>): Promise<string> {
  const found = await person.post(list, fields);
  const page = await person.get(found.location ?? "");
  const [, path = ""] = /href="([^"]+\/views\/new[^"]*)"/.exec(page.text) ?? [];
  const answer = await person.post(path.replaceAll("&amp;", "&"), wish);
  return answer.location ?? `status ${answer.status}: ${answer.text}`;
}

const idOf = (path: string) => new URLSearchParams(path.split("?")[1]).get("view") ?? "";

describe("a view", () => {
  it("keeps a search under a name, with what is searched for in no address", async () => {
    const found = await world.notification(service, { to: NUMBER, status: "permanent-failure" });
    await world.notification(service, { to: NUMBER, status: "delivered" });
    await world.notification(service, { to: "07700 900999", status: "permanent-failure" });
    const path = await keep(maker, { search: NUMBER, status: "failed", channel: "sms" }, { name: "Mr Lowe’s" });
    expect(path).not.toContain("900321");
    const page = await maker.get((await hrefOf(maker, "Mr Lowe’s")) ?? "");
    expect([...page.text.matchAll(/messages\/([\da-f-]{36})"/g)].map(([, id]) => id)).toEqual([found.id]);
    expect(page.text).toContain(`value="${NUMBER}"`);
    expect(page.text).toMatch(/aria-current="true">Mr Lowe’s</);
    expect([...page.text.matchAll(/(?:href|action)="([^"]*)"/g)].filter(([, url]) => url?.includes("900321"))).toEqual(
      [],
    );
  });

  it("says what it looks for where it is made and changed", async () => {
    const path = await keep(maker, { search: NUMBER, status: "failed", channel: "sms" }, { name: "Failed" });
    const { text } = await maker.get(`${list}/views/${idOf(path)}`);
    for (const words of [NUMBER, "Text messages", "Failed"]) expect(text).toContain(`>${words}</dd>`);
  });

  it("is one's own unless it is shared with the team", async () => {
    await keep(maker, { status: "failed" }, { name: "Mine" });
    await keep(maker, { search: NUMBER }, { name: "Ours", isShared: "yes" });
    await world.notification(service, { to: NUMBER });
    const colleague = await member();
    expect(viewsIn((await colleague.get(list)).text).map(([, , name]) => name)).toEqual(["Ours"]);
    const shared = await colleague.get((await hrefOf(colleague, "Ours")) ?? "");
    expect(shared.text).toContain(`value="${NUMBER}"`);
    const elsewhere = await admin.person({ in: await world.service(), permissions: ["view_activity"] });
    expect((await elsewhere.get(list)).status).toBe(404);
  });

  it("of somebody else is neither opened by its id nor changed", async () => {
    const path = await keep(maker, { search: NUMBER }, { name: "Mine" });
    const manager = await member("manage_service");
    const [opened, page] = [await manager.get(path), await manager.get(`${list}/views/${idOf(path)}`)];
    expect([opened.text.includes("900321"), page.status]).toEqual([false, 404]);
    expect((await manager.post(`${list}/views/${idOf(path)}/delete`)).status).toBe(404);
  });

  it("that is shared is changed by whoever made it and by those who manage the service", async () => {
    const path = await keep(maker, { search: NUMBER }, { name: "Ours", isShared: "yes" });
    const url = `${list}/views/${idOf(path)}`;
    const colleague = await member("send_messages");
    expect([(await colleague.get(url)).status, (await colleague.post(`${url}/delete`)).status]).toEqual([403, 403]);
    const manager = await member("manage_service");
    expect((await manager.post(url, { name: "The team’s", isShared: "yes" })).status).toBe(303);
    expect(await hrefOf(maker, "The team’s")).toBeDefined();
    await maker.post(url, { name: "The team’s" });
    expect(await hrefOf(colleague, "The team’s")).toBeUndefined();
    await maker.post(`${url}/delete`);
    expect(viewsIn((await maker.get(list)).text)).toEqual([]);
    const entries = await listAuditEntries(world.app.db, { serviceId: service.id, limit: 9 });
    expect(entries.map(({ action }) => action)).toEqual(["message-view.withdrawn", "message-view.shared"]);
    expect(JSON.stringify(entries)).not.toMatch(/Ours|team’s|900321/);
  });

  it.each([
    ["", "Enter a name for the view"],
    ["n".repeat(61), "The name must be 60 characters or fewer"],
    ["failed", "There is a view of this name already"],
  ])("needs a name of its own: %j", async (name, words) => {
    await keep(maker, { status: "failed" }, { name: "Failed" });
    const answer = await maker.post(`${list}/views/new?status=delivered`, { name, isShared: "yes" });
    expect([answer.status, answer.text.includes(words)]).toEqual([400, true]);
    expect(answer.text).toMatch(/value="yes" checked/);
    expect(viewsIn((await maker.get(list)).text)).toHaveLength(1);
  });

  it("stays with the team when whoever shared it leaves; their own are forgotten", async () => {
    await keep(maker, { search: NUMBER }, { name: "Ours", isShared: "yes" });
    await keep(maker, { status: "failed" }, { name: "Mine" });
    const manager = await member("manage_service");
    expect((await manager.post(`/services/${service.id}/team/${maker.userId}/remove`)).status).toBe(303);
    expect(viewsIn((await manager.get(list)).text).map(([, , name]) => name)).toEqual(["Ours"]);
    const kept = await world.app.db.query`select v.id from message_views v where v.service_id = ${service.id}`;
    expect(kept).toHaveLength(1);
  });

  it("is kept where nobody reads it without the service's key", async () => {
    await keep(maker, { search: NUMBER }, { name: "Mr Lowe’s" });
    const rows = await world.app.db.query<{ row: string }>`
      select encode(v.sealed_view, 'escape') || v::text as row from message_views v where v.service_id = ${service.id}`;
    expect(rows).toHaveLength(1);
    expect(rows[0]?.row).not.toMatch(/Lowe|900321/);
  });
});
