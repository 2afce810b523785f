import { afterAll, beforeAll, expect, it } from "vitest";
import { type Person, startAdmin, type TestAdmin } from "../../../../test/support/admin.ts";
import { createPeopleWorld, HERE, type PeopleWorld } from "../../../../test/support/people.ts";
import type { WorldService } from "../../../../test/support/world.ts";
import { setYearlyVolumes } from "../../../flow/people/go-live.ts";
import { changeMember } from "../../../flow/people/team.ts";
import { insertAuditEntries } from "../../../records/audit/audit-store.ts";
import { MEMBER_PERMISSIONS } from "../../../records/services/member-store.ts";

let world: PeopleWorld;
let admin: TestAdmin;
let service: WorldService;
let manager: Person;
let url: string;
beforeAll(async () => {
  world = await createPeopleWorld();
  admin = await startAdmin(world.app);
  service = await world.service({ name: "Northwold Clinics" });
  manager = await admin.person({ name: "Mina Manager", in: service, permissions: MEMBER_PERMISSIONS });
  url = `/services/${service.id}/audit`;
});
afterAll(async () => {
  await admin.close();
  await world.close();
});

const actor = () => ({ userId: manager.userId, ip: HERE.ip });

it("a manager reads who changed what, from where, and how it was before", async () => {
  const { userId } = await admin.person({ name: "Cole Colleague", in: service, permissions: ["send_messages"] });
  await changeMember(world.people, actor(), { serviceId: service.id, userId, permissions: ["view_activity"] });
  await setYearlyVolumes(world.people, actor(), { serviceId: service.id, sms: 12_000, email: 0 });
  const { status, text } = await manager.get(url);
  expect(status).toBe(200);
  expect(text.indexOf("Yearly estimates set")).toBeLessThan(text.indexOf("Permissions changed: Cole Colleague"));
  expect(text).toContain("12,000");
  expect(text).toContain("Mina Manager");
  expect(text).toContain(HERE.ip);
  expect(text).toMatch(/<del[^>]*>Send messages<\/del>/);
  expect(text).toContain("See the dashboard and what was sent");
});

it("others do not, nor of other services", async () => {
  const others = MEMBER_PERMISSIONS.filter((permission) => permission !== "manage_service");
  expect((await (await admin.person({ in: service, permissions: others })).get(url)).status).toBe(403);
  expect((await (await admin.person()).get(url)).status).toBe(404);
  const elsewhere = await world.service({ name: "Elsewhere" });
  await setYearlyVolumes(world.people, actor(), { serviceId: elsewhere.id, sms: 77_777, email: 0 });
  expect((await manager.get(url)).text).not.toContain("77,777");
});

it("older entries are on the pages that follow, and what somebody wrote is shown as text", async () => {
  const busy = await world.service({ name: "Busy" });
  const reader = await admin.person({ in: busy, permissions: ["manage_service"] });
  const entries = Array.from({ length: 51 }, (_, index) => ({
    actor: "pennypost apply",
    serviceId: busy.id,
    action: "template.updated",
    subject: `<b>Reminder ${index}</b>`,
  }));
  for (const entry of entries) await world.app.db.transaction((tx) => insertAuditEntries(tx, [entry]));
  const first = await reader.get(`/services/${busy.id}/audit`);
  expect(first.text).toContain("&lt;b&gt;Reminder 50&lt;/b&gt;");
  expect(first.text).not.toContain("Reminder 0&lt;");
  const older = /href="([^"]+\?before=[^"]+)"/.exec(first.text)?.[1] ?? "";
  const second = await reader.get(older);
  expect(second.text).toContain("Reminder 0&lt;");
  expect(second.text).toContain("pennypost apply");
  expect(second.text).not.toMatch(/href="[^"]*\?before=/);
});
