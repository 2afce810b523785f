import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Person, startAdmin, type TestAdmin } from "../../../../test/support/admin.ts";
import { createPeopleWorld, type PeopleWorld } from "../../../../test/support/people.ts";
import type { WorldService } from "../../../../test/support/world.ts";
import { findLatestGoLiveRequest } from "../../../records/go-live/go-live-store.ts";
import { MEMBER_PERMISSIONS } from "../../../records/services/member-store.ts";
import { findYearlyVolumes } from "../../../records/services/service-life-store.ts";

let world: PeopleWorld;
let admin: TestAdmin;
let service: WorldService;
let manager: Person;
let operator: Person;
let url: string;
beforeAll(async () => {
  world = await createPeopleWorld();
  admin = await startAdmin(world.app);
  operator = await admin.person({ name: "Ona Operator", isPlatformAdmin: true });
});
afterAll(async () => {
  await admin.close();
  await world.close();
});
beforeEach(async () => {
  service = await world.service({ isTrial: true, textSender: "NWLibrary", replyTo: "help@example.gov.uk" });
  manager = await admin.person({ name: "Mina Manager", in: service, permissions: MEMBER_PERMISSIONS });
  url = `/services/${service.id}/go-live`;
});

const latest = () => findLatestGoLiveRequest(world.app.db, service.id);

async function finishTasks(): Promise<void> {
  await admin.person({ in: service, permissions: ["manage_service"] });
  await world.template(service, { channel: "sms" });
  expect((await manager.post(`${url}/name`)).location).toBe(url);
  expect((await manager.post(`${url}/volumes`, { sms: "12,000", email: "" })).location).toBe(url);
}

async function ask(): Promise<void> {
  await finishTasks();
  expect((await manager.post(url)).location).toBe(url);
}

describe("going live", () => {
  it("is for those who manage the service", async () => {
    const others = MEMBER_PERMISSIONS.filter((permission) => permission !== "manage_service");
    const member = await admin.person({ in: service, permissions: others });
    for (const path of ["", "/name", "/volumes"]) expect((await member.get(url + path)).status).toBe(403);
    for (const path of ["", "/name", "/volumes", "/answers"]) expect((await member.post(url + path)).status).toBe(403);
    expect((await (await admin.person()).get(url)).status).toBe(404);
  });

  it("begins with tasks, each with a link to where it is done", async () => {
    const page = await manager.get(url);
    for (const path of ["go-live/name", "go-live/volumes", "team"])
      expect(page.text).toContain(`href="/services/${service.id}/${path}"`);
    expect(page.text).toContain("You can ask once all of these are done");
    expect(page.text).not.toContain("Ask to go live");
  });

  it("is not asked for while a task is open, however it is tried", async () => {
    const answer = await manager.post(url);
    expect([answer.status, answer.text]).toEqual([400, expect.stringContaining("Finish the tasks")]);
    expect(await latest()).toBeUndefined();
  });

  it.each([
    { sms: "", email: "", words: "Say how many" },
    { sms: "many", email: "", words: "whole number" },
    { sms: "10", email: "-5", words: "whole number" },
    { sms: "1.5", email: "", words: "whole number" },
  ])("needs numbers: not $sms texts and $email emails", async ({ sms, email, words }) => {
    const answer = await manager.post(`${url}/volumes`, { sms, email });
    expect([answer.status, answer.text]).toEqual([400, expect.stringContaining(words)]);
    expect(await findYearlyVolumes(world.app.db, service.id)).toEqual({ sms: undefined, email: undefined });
  });

  it("keeps how much is sent, and shows it again", async () => {
    await manager.post(`${url}/volumes`, { sms: "12,000", email: "3 000" });
    expect(await findYearlyVolumes(world.app.db, service.id)).toEqual({ sms: 12_000, email: 3_000 });
    expect((await manager.get(`${url}/volumes`)).text).toContain('value="12000"');
  });

  it("is asked for once the tasks are done, and waits", async () => {
    await finishTasks();
    expect((await manager.get(url)).text).toContain("Ask to go live");
    await manager.post(url);
    expect(await latest()).toMatchObject({ status: "open", requestedBy: manager.userId });
    const page = await manager.get(url);
    expect(page.text).toContain("The request waits for an answer");
    expect(page.text).not.toContain("Approve: make it live");
    const [mail] = await world.mailTo(operator.emailAddress);
    expect(mail?.body).toContain(url);
    expect((await manager.post(url)).text).toContain("waits for an answer");
  });

  it("is commented on by both sides, and approved by those who may", async () => {
    await ask();
    await manager.post(`${url}/answers`, { comment: "We start on Monday", decision: "comment" });
    const page = await operator.get(url);
    expect(page.text).toContain("We start on Monday");
    expect(page.text).toContain("Approve: make it live");
    expect((await manager.post(`${url}/answers`, { decision: "approve" })).status).toBe(403);
    expect((await operator.post(`${url}/answers`, { decision: "approve" })).location).toBe(url);
    expect((await world.reload(service)).isTrial).toBe(false);
    expect((await manager.get(url)).text).toContain("This service is live");
    const [mail] = await world.mailTo(manager.emailAddress);
    expect(mail?.subject).toContain("is live");
  });

  it("is turned down with a reason, and can be asked for again", async () => {
    await ask();
    const silent = await operator.post(`${url}/answers`, { comment: " ", decision: "refuse" });
    expect([silent.status, silent.text]).toEqual([400, expect.stringContaining("Write what they need to know")]);
    await operator.post(`${url}/answers`, { comment: "Name the council in your texts", decision: "refuse" });
    const page = await manager.get(url);
    expect(page.text).toContain("Name the council in your texts");
    expect(page.text).toContain("Ask to go live");
    expect((await manager.post(url)).location).toBe(url);
    expect(await latest()).toMatchObject({ status: "open" });
  });

  it("with a form that no button sent, decides nothing", async () => {
    await ask();
    await operator.post(`${url}/answers`, { comment: "Hello" });
    expect(await latest()).toMatchObject({ status: "open" });
  });

  it("has no answer when nothing was asked", async () => {
    expect((await operator.post(`${url}/answers`, { decision: "approve" })).status).toBe(404);
  });
});

describe("trial mode", () => {
  it("is explained to everybody", async () => {
    const page = await admin.stranger().get("/trial-mode");
    expect([page.status, page.text]).toEqual([200, expect.stringContaining("at most 50 texts and 50 emails a day")]);
  });
});
