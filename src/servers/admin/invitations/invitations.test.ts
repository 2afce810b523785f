import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Person, startAdmin, type TestAdmin } from "../../../../test/support/admin.ts";
import { createPeopleWorld, HERE, PASSWORD, type PeopleWorld } from "../../../../test/support/people.ts";
import type { WorldService } from "../../../../test/support/world.ts";
import { cancelInvitation, inviteToOrganisation, inviteToService } from "../../../flow/people/invitations.ts";
import { createOrganisation } from "../../../flow/people/organisations.ts";
import { listPendingInvitations } from "../../../records/invitations/invitation-store.ts";
import { listOrganisationsOfUser } from "../../../records/organisations/organisation-people-store.ts";
import { findMemberPermissions } from "../../../records/services/team-store.ts";
import { findUserByEmail } from "../../../records/users/user-store.ts";

const DAY_MS = 86_400_000;
let world: PeopleWorld;
let admin: TestAdmin;
let service: WorldService;
let manager: Person;
let invited = 0;
beforeAll(async () => {
  world = await createPeopleWorld();
  admin = await startAdmin(world.app);
});
afterAll(async () => {
  await admin.close();
  await world.close();
});
beforeEach(async () => {
  service = await world.service({ name: `Northwold Clinics ${Math.random()}` });
  manager = await admin.person({ name: "Mina Manager", in: service, permissions: ["manage_service"] });
});

const actor = () => ({ userId: manager.userId, ip: HERE.ip });

/** The path that the link in the email opens. */
async function invite(emailAddress = `sam.green${++invited}@example.gov.uk`) {
  const wish = { serviceId: service.id, permissions: ["send_messages"] as const, hiddenFolderIds: [] };
  const id = await inviteToService(world.people, actor(), { ...wish, emailAddress, origin: HERE.origin });
  return { id, emailAddress, path: `/invitation/${await world.tokenTo(emailAddress)}` };
}

const newcomer = { name: "Sam Green", mobileNumber: "", password: PASSWORD };

describe("the link of an invitation", () => {
  it("lets who has no account make one, fixed to the address, with a name to begin with", async () => {
    const { path, emailAddress } = await invite();
    const page = await admin.stranger().get(path);
    expect(page.status).toBe(200);
    expect(page.text).toContain("Mina Manager invites you");
    expect(page.text).toContain(emailAddress);
    expect(page.text).toContain('value="Sam Green"');
    expect(page.text).toContain("Send messages");
  });

  it("makes nothing when it is only looked at", async () => {
    const { path, emailAddress } = await invite();
    await admin.stranger().get(path);
    const person = await admin.stranger().get(path);
    expect(person.status).toBe(200);
    expect(await findUserByEmail(world.app.db, emailAddress)).toBeUndefined();
    expect(await listPendingInvitations(world.app.db, { serviceId: service.id })).toHaveLength(1);
  });

  it("makes the account, signs in, and leads to the service", async () => {
    const { path, emailAddress } = await invite();
    const person = admin.stranger();
    const answer = await person.post(path, newcomer);
    expect([answer.status, answer.location]).toEqual([303, `/services/${service.id}`]);
    const user = await findUserByEmail(world.app.db, emailAddress);
    expect(user).toMatchObject({ name: "Sam Green", emailAddress });
    const member = { serviceId: service.id, userId: user?.id ?? "" };
    expect(await findMemberPermissions(world.app.db, member)).toEqual(["send_messages"]);
    expect((await person.get(`/services/${service.id}/team`)).text).toContain("(you)");
  });

  it("makes an account with a number, for codes by text", async () => {
    const { path, emailAddress } = await invite();
    const answer = await admin.stranger().post(path, { ...newcomer, mobileNumber: "07700 900123" });
    expect(answer.status).toBe(303);
    expect(await findUserByEmail(world.app.db, emailAddress)).toMatchObject({
      mobileNumber: "07700 900123",
    });
  });

  it("says what is wrong with the account, all at once", async () => {
    const { path, emailAddress } = await invite();
    const answer = await admin.stranger().post(path, { name: "", mobileNumber: "12", password: "password" });
    expect(answer.status).toBe(400);
    for (const field of ["name", "mobileNumber", "password"]) expect(answer.text).toContain(`href="#${field}"`);
    expect(answer.text).not.toContain('value="password"');
    expect(await findUserByEmail(world.app.db, emailAddress)).toBeUndefined();
  });

  it("asks who has an account to sign in, and comes back", async () => {
    const other = await admin.person();
    const { path } = await invite(other.emailAddress);
    const page = await admin.stranger().get(path);
    expect(page.text).toContain(`href="/sign-in?next=${encodeURIComponent(path)}"`);
    expect((await admin.stranger().post(path, newcomer)).text).toContain("sign in to accept");
  });

  it("is accepted by whom it is for, once", async () => {
    const other = await admin.person();
    const { path } = await invite(other.emailAddress);
    expect((await other.get(path)).text).toContain("Accept invitation");
    expect((await other.get(`/services/${service.id}/team`)).status).toBe(404);
    const answer = await other.post(path);
    expect(answer.location).toBe(`/services/${service.id}`);
    expect((await other.get(`/services/${service.id}/team`)).status).toBe(200);
    expect((await other.get(path)).location).toBe(`/services/${service.id}`);
    const later = await admin.stranger().get(path);
    expect(later.text).toContain("The invitation was accepted");
  });

  it("tells who is signed in as somebody else no more than that, and lets them sign out", async () => {
    const { path, emailAddress } = await invite();
    const other = await admin.person();
    for (const answer of [await other.get(path), await other.post(path, newcomer)]) {
      expect(answer.status).toBe(403);
      expect(answer.text).toContain("This invitation is for somebody else");
      expect(answer.text).toContain('<form method="post" action="/sign-out">');
      expect(answer.text).not.toContain(emailAddress);
    }
  });

  it("that was cancelled or came too late says whom to ask", async () => {
    const cancelled = await invite();
    await cancelInvitation(world.people, actor(), cancelled.id);
    const expired = await invite();
    const isGone = async (path: string, words: string) => {
      for (const answer of [await admin.stranger().get(path), await admin.stranger().post(path, newcomer)]) {
        expect([answer.status, answer.text]).toEqual([410, expect.stringContaining(words)]);
        expect(answer.text).toContain("Mina Manager");
      }
    };
    await isGone(cancelled.path, "was cancelled");
    world.clock.advance(2 * DAY_MS + 1);
    await isGone(expired.path, "has expired");
  });

  it("that was never sent is not found", async () => {
    const page = await admin.stranger().get(`/invitation/${"a".repeat(43)}`);
    expect([page.status, page.text]).toEqual([404, expect.stringContaining("This link does not work")]);
  });

  it("of an organisation leads to the organisation", async () => {
    const organisationId = await createOrganisation(world.people, actor(), `Northwold ${Math.random()}`);
    const emailAddress = `approver${++invited}@example.gov.uk`;
    const wish = { organisationId, emailAddress, mayMakeLive: true, origin: HERE.origin };
    await inviteToOrganisation(world.people, actor(), wish);
    const path = `/organisation-invitation/${await world.tokenTo(emailAddress)}`;
    const answer = await admin.stranger().post(path, newcomer);
    expect(answer.location).toBe(`/orgs/${organisationId}`);
    const user = await findUserByEmail(world.app.db, emailAddress);
    expect(await listOrganisationsOfUser(world.app.db, user?.id ?? "")).toMatchObject([{ organisationId }]);
  });
});
