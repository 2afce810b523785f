import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Person, startAdmin, type TestAdmin } from "../../../../test/support/admin.ts";
import { createPeopleWorld, type PeopleWorld } from "../../../../test/support/people.ts";
import type { WorldService } from "../../../../test/support/world.ts";
import { newId } from "../../../platform/ids.ts";
import { listPendingInvitations } from "../../../records/invitations/invitation-store.ts";
import { MEMBER_PERMISSIONS } from "../../../records/services/member-store.ts";
import { findMemberPermissions } from "../../../records/services/team-store.ts";
import { insertFolder, listExcludedFolderIds } from "../../../records/templates/template-folder-store.ts";

let world: PeopleWorld;
let admin: TestAdmin;
let service: WorldService;
let manager: Person;
let team: string;
beforeAll(async () => {
  world = await createPeopleWorld();
  admin = await startAdmin(world.app);
});
afterAll(async () => {
  await admin.close();
  await world.close();
});
beforeEach(async () => {
  service = await world.service({ isTrial: true });
  manager = await admin.person({ name: "Mina Manager", in: service, permissions: MEMBER_PERMISSIONS });
  team = `/services/${service.id}/team`;
});

const permissionsOf = ({ userId }: Person) => findMemberPermissions(world.app.db, { serviceId: service.id, userId });
const waiting = () => listPendingInvitations(world.app.db, { serviceId: service.id });
const folder = async (name: string, parentId?: string) => {
  const id = newId();
  await world.app.db.transaction((tx) => insertFolder(tx, { id, serviceId: service.id, name, parentId }));
  return id;
};
let invited = 0;
const invite = async (fields: Record<string, string | readonly string[]> = {}) => {
  invited += 1;
  const emailAddress = `new${invited}@example.gov.uk`;
  const answer = await manager.post(`${team}/invite`, { emailAddress, permissions: ["send_messages"], ...fields });
  return { emailAddress, answer };
};

describe("the team", () => {
  it("is read by every member, who cannot change it", async () => {
    const member = await admin.person({ name: "Rae Reader", in: service });
    const page = await member.get(team);
    expect(page.status).toBe(200);
    expect(page.text).toContain("Mina Manager");
    expect(page.text).toContain("Manage settings, team and usage");
    expect(page.text).not.toContain(`${team}/invite`);
    expect(page.text).not.toContain(`${team}/${manager.userId}`);
  });

  it("is taken away as a table by those who manage it, with who is invited", async () => {
    const member = await admin.person({ name: "Rae, Reader", in: service, permissions: ["view_activity"] });
    const { emailAddress } = await invite();
    expect((await member.get(`${team}.csv`)).status).toBe(403);
    const { status, text } = await manager.get(`${team}.csv`);
    expect([status, text.split("\r\n").length]).toEqual([200, 5]);
    expect(text).toMatch(new RegExp(`"Rae, Reader",${member.emailAddress},Member,`));
    expect(text).toMatch(new RegExp(`,${emailAddress},Invited,[^,]+,,Yes,No,No,No,No`));
  });

  it("is nobody else's to see", async () => {
    const other = await admin.person();
    expect((await other.get(team)).status).toBe(404);
  });

  it("is changed by those who manage it, of others and never of themselves", async () => {
    const colleague = await admin.person({ name: "Cole Colleague", in: service });
    const page = await manager.get(team);
    expect(page.text).toContain(`${team}/${colleague.userId}`);
    expect(page.text).not.toContain(`href="${team}/${manager.userId}"`);
  });

  it.each(["/invite", "/:uid", "/:uid/remove"])("has %s for managers alone", async (path) => {
    const others = MEMBER_PERMISSIONS.filter((permission) => permission !== "manage_service");
    const member = await admin.person({ in: service, permissions: others });
    const url = `${team}${path.replace(":uid", manager.userId)}`;
    expect([(await member.get(url)).status, (await member.post(url)).status]).toEqual([403, 403]);
  });
});

describe("a member's permissions", () => {
  it("become what is ticked, with the folders that they see", async () => {
    const [letters, secrets] = [await folder("Letters"), await folder("Secrets")];
    const colleague = await admin.person({ in: service, permissions: ["send_messages"] });
    const url = `${team}/${colleague.userId}`;
    expect((await manager.get(url)).text).toMatch(/value="send_messages" checked/);
    const answer = await manager.post(url, { permissions: ["view_activity", "manage_templates"], folders: [letters] });
    expect([answer.status, answer.location]).toEqual([303, team]);
    expect(await permissionsOf(colleague)).toEqual(["view_activity", "manage_templates"]);
    expect(await listExcludedFolderIds(world.app.db, service.id, colleague.userId)).toEqual(new Set([secrets]));
    const again = (await manager.get(url)).text;
    expect(again).toMatch(new RegExp(`value="${letters}" checked`));
    expect(again).not.toMatch(new RegExp(`value="${secrets}" checked`));
  });

  it("change without touching the folders when a manager who writes no templates saves them", async () => {
    const secrets = await folder("Secrets");
    const colleague = await admin.person({ in: service });
    await manager.post(`${team}/${colleague.userId}`, { permissions: [] });
    const other = await admin.person({ in: service, permissions: ["manage_service"] });
    expect((await other.get(`${team}/${colleague.userId}`)).text).not.toContain("Folders of templates");
    await other.post(`${team}/${colleague.userId}`, { permissions: ["send_messages"], folders: [secrets] });
    expect(await permissionsOf(colleague)).toEqual(["send_messages"]);
    expect(await listExcludedFolderIds(world.app.db, service.id, colleague.userId)).toEqual(new Set([secrets]));
  });

  it("are not changed by themselves", async () => {
    const answer = await manager.post(`${team}/${manager.userId}`, { permissions: ["send_messages"] });
    expect(answer.status).toBe(403);
    expect(await permissionsOf(manager)).toEqual(MEMBER_PERMISSIONS);
  });

  it.each([
    { isTrial: true, managers: 1, words: "at least one team member" },
    { isTrial: false, managers: 2, words: "at least 2 team members" },
  ])("stay when fewer than $managers would manage the service, and the page says why", async (wish) => {
    service = await world.service({ isTrial: wish.isTrial });
    team = `/services/${service.id}/team`;
    const operator = await admin.person({ isPlatformAdmin: true });
    const last = await admin.person({ in: service, permissions: ["manage_service"] });
    await admin.person({ in: service, permissions: ["send_messages"] });
    if (wish.managers === 2) await admin.person({ in: service, permissions: ["manage_service"] });
    const change = await operator.post(`${team}/${last.userId}`, { permissions: ["send_messages"] });
    const removal = await operator.post(`${team}/${last.userId}/remove`);
    for (const answer of [change, removal]) {
      expect(answer.status).toBe(400);
      expect(answer.text).toContain(wish.words);
    }
    expect(change.text).toMatch(/value="send_messages" checked/);
    expect(await permissionsOf(last)).toEqual(["manage_service"]);
  });

  it("go with the one who is removed", async () => {
    const colleague = await admin.person({ name: "Cole Colleague", in: service });
    const url = `${team}/${colleague.userId}/remove`;
    expect((await manager.get(url)).text).toContain("Remove Cole Colleague from");
    expect((await manager.post(url)).location).toBe(team);
    expect((await colleague.get(team)).status).toBe(404);
    expect((await manager.get(url)).status).toBe(404);
  });

  it("of another service's member are not found here", async () => {
    const stranger = await admin.person({ in: await world.service() });
    expect((await manager.get(`${team}/${stranger.userId}`)).status).toBe(404);
  });
});

describe("an invitation", () => {
  it("is sent, and listed until it is answered", async () => {
    const { emailAddress, answer } = await invite();
    expect([answer.status, answer.location]).toEqual([303, team]);
    expect(await waiting()).toMatchObject([{ emailAddress, permissions: ["send_messages"] }]);
    const [mail] = await world.mailTo(emailAddress);
    expect(mail?.body).toContain("/invitation/");
    const page = await manager.get(team);
    expect(page.text).toContain(emailAddress);
    expect(page.text).toContain("Send again");
    const reader = await admin.person({ in: service });
    expect((await reader.get(team)).text).not.toContain("Send again");
  });

  it.each([
    { name: "is no address", fields: { emailAddress: "nobody" }, words: "Enter an email address" },
    { name: "is missing", fields: { emailAddress: "" }, words: "Enter an email address" },
  ])("is not sent to what $name; what was ticked stays", async ({ fields, words }) => {
    const { answer } = await invite({ ...fields, permissions: ["manage_api_keys"] });
    expect(answer.status).toBe(400);
    expect(answer.text).toContain('href="#emailAddress"');
    expect(answer.text).toContain(words);
    expect(answer.text).toMatch(/value="manage_api_keys" checked/);
  });

  it("is not sent twice, to oneself, or to who is in the team", async () => {
    const { emailAddress } = await invite();
    const member = await admin.person({ in: service });
    const cases = [
      [emailAddress, "invited already"],
      [manager.emailAddress, "cannot invite yourself"],
      [member.emailAddress, "in the team already"],
    ] as const;
    for (const [address, words] of cases) {
      const { answer } = await invite({ emailAddress: address });
      expect([answer.status, answer.text]).toEqual([400, expect.stringContaining(words)]);
    }
  });

  it("is sent again with a new link, and cancelled", async () => {
    const { emailAddress } = await invite();
    const [invitation] = await waiting();
    const first = await world.tokenTo(emailAddress);
    expect((await manager.post(`${team}/invitations/${invitation?.id}/resend`)).location).toBe(team);
    expect(await world.tokenTo(emailAddress)).not.toBe(first);
    expect((await manager.post(`${team}/invitations/${invitation?.id}/cancel`)).location).toBe(team);
    expect(await waiting()).toEqual([]);
    expect((await manager.post(`${team}/invitations/${invitation?.id}/cancel`)).status).toBe(404);
  });

  it("to another service is not found here", async () => {
    await invite();
    const [invitation] = await waiting();
    const other = await world.service();
    const otherManager = await admin.person({ in: other, permissions: ["manage_service"] });
    const answer = await otherManager.post(`/services/${other.id}/team/invitations/${invitation?.id}/cancel`);
    expect(answer.status).toBe(404);
    expect(await waiting()).toHaveLength(1);
  });

  it("whose link no longer works says so", async () => {
    await invite();
    world.clock.advance(49 * 3_600_000);
    const later = await admin.person({ in: service });
    expect((await later.get(team)).text).toContain("The link no longer works");
  });
});
