import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Person, startAdmin, type TestAdmin } from "../../../../test/support/admin.ts";
import { createPeopleWorld, HERE, type PeopleWorld } from "../../../../test/support/people.ts";
import type { WorldService } from "../../../../test/support/world.ts";
import { changeOrganisation, createOrganisation } from "../../../flow/people/organisations.ts";
import { linkToOrganisation } from "../../../flow/people/platform.ts";
import { listPendingJoinRequests } from "../../../records/join-requests/join-request-store.ts";
import { findMemberPermissions } from "../../../records/services/team-store.ts";

let world: PeopleWorld;
let admin: TestAdmin;
let service: WorldService;
let manager: Person;
let outsider: Person;
beforeAll(async () => {
  world = await createPeopleWorld();
  admin = await startAdmin(world.app);
  const operator = await world.user({ isPlatformAdmin: true });
  const actor = { userId: operator.id, ip: HERE.ip };
  const id = await createOrganisation(world.people, actor, "Northwold Council");
  const settings = { id, name: "Northwold Council", approvesOwnServices: false, takesJoinRequests: true };
  await changeOrganisation(world.people, actor, { ...settings, domains: ["example.gov.uk"] });
  service = await world.service({ name: "Northwold Tax" });
  await linkToOrganisation(world.people, actor, { serviceId: service.id, organisationId: id });
  manager = await admin.person({ name: "Mina Manager", in: service, permissions: ["manage_service"] });
});
afterAll(async () => {
  await admin.close();
  await world.close();
});
beforeEach(async () => {
  outsider = await admin.person({ name: "Ola Outsider" });
});

const waiting = () => listPendingJoinRequests(world.app.db, service.id);

async function ask(): Promise<string> {
  const fields = { managerIds: [manager.userId], reason: "I answer the phone for them" };
  const answer = await outsider.post(`/services/join/${service.id}`, fields);
  expect([answer.status, answer.location]).toEqual([303, "/services"]);
  const request = (await waiting()).find(({ userId }) => userId === outsider.userId);
  return `/services/${service.id}/join-requests/${request?.id}`;
}

describe("asking to join", () => {
  it("begins with the services of one's organisation that one does not work in", async () => {
    expect((await outsider.get("/services")).text).toContain('href="/services/join"');
    const joinLink = `href="/services/join/${service.id}"`;
    expect((await outsider.get("/services/join")).text).toMatch(new RegExp(`${joinLink}[^>]*>Northwold Tax<`));
    expect((await manager.get("/services/join")).text).not.toContain(joinLink);
    const page = await outsider.get(`/services/join/${service.id}`);
    expect(page.text).toMatch(new RegExp(`value="${manager.userId}" checked`));
    expect((await manager.get(`/services/join/${service.id}`)).status).toBe(404);
  });

  it("emails who is asked, once, and shows them the request", async () => {
    const path = await ask();
    const [mail] = await world.mailTo(manager.emailAddress);
    expect(mail?.body).toContain(path);
    expect((await manager.get(`/services/${service.id}/team`)).text).toContain(`href="${path}"`);
    const again = await outsider.post(`/services/join/${service.id}`, { managerIds: [manager.userId] });
    expect([again.status, again.text]).toEqual([400, expect.stringContaining("You have asked before")]);
  });

  it("needs somebody to ask, and keeps the reason", async () => {
    const answer = await outsider.post(`/services/join/${service.id}`, { reason: "Because" });
    expect(answer.status).toBe(400);
    expect(answer.text).toContain("Choose at least one person to ask");
    expect(answer.text).toContain(">Because</textarea>");
  });
});

describe("a request to join", () => {
  it("lets the person in with what is ticked", async () => {
    const path = await ask();
    const page = await manager.get(path);
    expect(page.text).toContain("I answer the phone for them");
    const answer = await manager.post(path, { decision: "approve", permissions: ["send_messages"] });
    expect(answer.location).toBe(`/services/${service.id}/team`);
    const member = { serviceId: service.id, userId: outsider.userId };
    expect(await findMemberPermissions(world.app.db, member)).toEqual(["send_messages"]);
    const [mail] = await world.mailTo(outsider.emailAddress);
    expect(mail?.subject).toContain("You can now work on");
    expect((await manager.get(path)).text).toContain("Mina Manager has let Ola Outsider in.");
  });

  it("can be turned down, and says by whom", async () => {
    const path = await ask();
    await manager.post(path, { decision: "refuse" });
    expect((await outsider.get(`/services/${service.id}/team`)).status).toBe(404);
    expect((await manager.get(path)).text).toContain("Mina Manager has turned the request down.");
    const second = await manager.post(path, { decision: "approve" });
    expect([second.status, second.text]).toEqual([400, expect.stringContaining("was decided before")]);
  });

  it("is decided by one of the two buttons, else nothing happens", async () => {
    const path = await ask();
    expect((await manager.post(path, { permissions: ["send_messages"] })).status).toBe(400);
    expect((await waiting()).some(({ userId }) => userId === outsider.userId)).toBe(true);
  });

  it("is decided by those who were asked", async () => {
    const path = await ask();
    const other = await admin.person({ in: service, permissions: ["manage_service"] });
    const page = await other.get(path);
    expect(page.text).toContain("Another manager was asked");
    expect(page.text).not.toContain("Let them in");
    expect((await other.post(path, { decision: "approve" })).status).toBe(403);
    const member = await admin.person({ in: service, permissions: ["send_messages"] });
    expect((await member.get(path)).status).toBe(403);
    expect((await outsider.get(path)).status).toBe(404);
  });

  it("is not found in another service", async () => {
    const path = await ask();
    const other = await world.service();
    const otherManager = await admin.person({ in: other, permissions: ["manage_service"] });
    expect((await otherManager.get(path.replace(service.id, other.id))).status).toBe(404);
  });
});
