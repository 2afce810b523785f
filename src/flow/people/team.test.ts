import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createPeopleWorld, HERE, PASSWORD, type PeopleWorld } from "../../../test/support/people.ts";
import { newId } from "../../platform/ids.ts";
import { listAudit } from "../../records/audit/audit-store.ts";
import { listPendingInvitations } from "../../records/invitations/invitation-store.ts";
import { listOrganisationsOfUser } from "../../records/organisations/organisation-people-store.ts";
import { MEMBER_PERMISSIONS, type MemberPermission } from "../../records/services/member-store.ts";
import { findMemberPermissions, listTeam } from "../../records/services/team-store.ts";
import { insertFolder, listExcludedFolderIds } from "../../records/templates/template-folder-store.ts";
import { findUserByEmail, type User } from "../../records/users/user-store.ts";
import {
  acceptAsNewUser,
  acceptInvitation,
  cancelInvitation,
  findInvitationState,
  inviteToOrganisation,
  inviteToService,
  resendInvitation,
} from "./invitations.ts";
import {
  approveJoinRequest,
  askToJoin,
  getJoinRequest,
  listServicesToJoin,
  refuseJoinRequest,
} from "./join-requests.ts";
import { changeOrganisation, createOrganisation } from "./organisations.ts";
import { makeLive } from "./platform.ts";
import { archiveService, createService, renameService } from "./services.ts";
import { changeMember, permissionsFrom, removeMember } from "./team.ts";
import { findVisitor } from "./visitor.ts";

const DAY_MS = 86_400_000;
let world: PeopleWorld;
let owner: User;
let serviceId: string;
let names = 0;
beforeAll(async () => {
  world = await createPeopleWorld();
});
afterAll(() => world.close());
beforeEach(async () => {
  owner = await world.user();
  serviceId = await createService(world.people, actorOf(owner), newName());
});

function newName(): string {
  names += 1;
  return `Service ${names}`;
}
const actorOf = (user: User) => ({ userId: user.id, ip: HERE.ip });
const invite = (
  emailAddress: string,
  permissions: readonly MemberPermission[] = ["send_messages"],
  hiddenFolderIds: string[] = [],
) =>
  inviteToService(world.people, actorOf(owner), {
    serviceId,
    emailAddress,
    permissions,
    hiddenFolderIds,
    origin: HERE.origin,
  });

async function member(permissions: readonly MemberPermission[]): Promise<User> {
  const user = await world.user();
  await invite(user.emailAddress, permissions);
  await acceptInvitation(world.people, actorOf(user), await world.tokenTo(user.emailAddress));
  return user;
}

describe("a new service", () => {
  it("is in trial mode with 50 messages a day, its maker may do everything, and it can send texts", async () => {
    const service = await world.people.services.find(serviceId);
    expect(service).toMatchObject({ isTrial: true, dailyLimits: { sms: 50, email: 50, letter: 50 } });
    expect(service?.textSenders).toMatchObject([{ sender: "Pennypost", isDefault: true }]);
    expect(await listTeam(world.people.db, serviceId)).toMatchObject([
      { userId: owner.id, permissions: MEMBER_PERMISSIONS },
    ]);
  });

  it.each([
    ["", "name-missing"],
    ["!", "name-short"],
    ["x!", "name-short"],
    ["a".repeat(144), "name-long"],
    ["Библиотека", "name-script"],
  ])("is not called %j: %s", async (name, problem) => {
    await expect(createService(world.people, actorOf(owner), name)).rejects.toMatchObject({ problems: [{ problem }] });
  });

  it("has a name that no other differs from only in case, spaces and signs, also when two ask at once", async () => {
    const name = newName();
    const both = [name, `${name.toUpperCase()} !`].map((each) => createService(world.people, actorOf(owner), each));
    const settled = await Promise.allSettled(both);
    expect(settled.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
    const rename = renameService(world.people, actorOf(owner), { serviceId, name: name.toLowerCase() });
    await expect(rename).rejects.toMatchObject({ problems: [{ problem: "name-taken" }] });
  });

  it("is renamed, and its name is free again when it is archived; a live one its manager cannot archive", async () => {
    const name = newName();
    await renameService(world.people, actorOf(owner), { serviceId, name });
    const archive = { serviceId, isPlatformAdmin: false };
    await archiveService(world.people, actorOf(owner), archive);
    const again = await createService(world.people, actorOf(owner), name);
    await makeLive(world.people, actorOf(owner), again);
    await expect(archiveService(world.people, actorOf(owner), { ...archive, serviceId: again })).rejects.toThrow();
    const entries = await listAudit(world.people.db, { serviceId, limit: 10 });
    expect(entries.map(({ action }) => action)).toEqual(["service.archived", "service.renamed", "service.created"]);
    expect(entries[1]).toMatchObject({ actorName: owner.name, after: { name } });
  });
});

describe("an invitation", () => {
  it("takes in who has an account, with its permissions and without the folders left out", async () => {
    const folder = { id: newId(), serviceId, parentId: undefined, name: "Hidden" };
    await world.people.db.transaction((tx) => insertFolder(tx, folder));
    const user = await world.user();
    await invite(user.emailAddress, ["manage_templates"], [folder.id]);
    const token = await world.tokenTo(user.emailAddress);
    expect(await findInvitationState(world.people, token)).toMatchObject({ kind: "pending", user: { id: user.id } });
    await acceptInvitation(world.people, actorOf(user), token);
    expect(await findMemberPermissions(world.people.db, { serviceId, userId: user.id })).toEqual(["manage_templates"]);
    expect([...(await listExcludedFolderIds(world.people.db, serviceId, user.id))]).toEqual([folder.id]);
    expect(await findInvitationState(world.people, token)).toMatchObject({ kind: "accepted" });
    await expect(acceptInvitation(world.people, actorOf(user), token)).rejects.toMatchObject({ kind: "conflict" });
    expect(await findVisitor(world.people.db, user.id)).toMatchObject({
      memberships: [{ serviceId, permissions: ["manage_templates"] }],
    });
  });

  it("takes in who is new, whose mailbox it has shown", async () => {
    await invite("newcomer@example.org", ["send_messages", "view_activity"]);
    const token = await world.tokenTo("newcomer@example.org");
    const form = { token, name: "New Comer", password: PASSWORD };
    const { userId } = await acceptAsNewUser(world.people, form, HERE);
    expect(await findUserByEmail(world.people.db, "newcomer@example.org")).toMatchObject({
      id: userId,
      name: "New Comer",
    });
    expect(await listTeam(world.people.db, serviceId)).toHaveLength(2);
    await expect(acceptAsNewUser(world.people, form, HERE)).rejects.toMatchObject({ kind: "conflict" });
  });

  it("is refused to who is signed in as somebody else", async () => {
    await invite("meant@example.org");
    const token = await world.tokenTo("meant@example.org");
    const other = await world.user();
    await expect(acceptInvitation(world.people, actorOf(other), token)).rejects.toMatchObject({ kind: "forbidden" });
    expect(await listTeam(world.people.db, serviceId)).toHaveLength(1);
  });

  it("is over after two days, is sent again with a new link, and is cancelled", async () => {
    const user = await world.user();
    const id = await invite(user.emailAddress);
    const first = await world.tokenTo(user.emailAddress);
    world.clock.advance(2 * DAY_MS + 1_000);
    expect(await findInvitationState(world.people, first)).toMatchObject({ kind: "expired" });
    await expect(acceptInvitation(world.people, actorOf(user), first)).rejects.toMatchObject({ kind: "conflict" });
    await resendInvitation(world.people, actorOf(owner), { id, origin: HERE.origin });
    const second = await world.tokenTo(user.emailAddress);
    expect(await findInvitationState(world.people, first)).toEqual({ kind: "unknown" });
    await cancelInvitation(world.people, actorOf(owner), id);
    expect(await findInvitationState(world.people, second)).toMatchObject({
      kind: "cancelled",
      invitation: { invitedByName: owner.name },
    });
    expect(await listPendingInvitations(world.people.db, { serviceId })).toEqual([]);
    await expect(resendInvitation(world.people, actorOf(owner), { id, origin: HERE.origin })).rejects.toThrow();
  });

  it("is not sent to oneself, to who is in the team, or twice", async () => {
    await expect(invite(owner.emailAddress.toUpperCase())).rejects.toMatchObject({
      problems: [{ problem: "email-own" }],
    });
    await invite("twice@example.org");
    await expect(invite("Twice@example.org")).rejects.toMatchObject({ problems: [{ problem: "already-invited" }] });
    const user = await member(["send_messages"]);
    await expect(invite(user.emailAddress)).rejects.toMatchObject({ problems: [{ problem: "already-member" }] });
  });

  it("writes nobody's address and no link into the log, and no link of somebody's name into the email", async () => {
    await world.people.db.query`update users set name = '[press](https://evil.example)' where id = ${owner.id}`;
    await invite("quiet@example.org");
    const [row] = await world.people.db.query<{ log: string }>`
      select string_agg(a::text, ' ') as log from audit_log a where a.service_id = ${serviceId}`;
    expect(row?.log).toContain("invitation.sent");
    expect(row?.log).not.toMatch(/quiet@|https?:/);
    const [mail] = await world.mailTo("quiet@example.org");
    expect(mail?.body).not.toContain("](https://evil.example)");
  });
});

describe("a team", () => {
  it("is changed by others than oneself only", async () => {
    const change = { serviceId, userId: owner.id, permissions: [] };
    await expect(changeMember(world.people, actorOf(owner), change)).rejects.toMatchObject({ kind: "not-authorised" });
    await expect(removeMember(world.people, actorOf(owner), change)).rejects.toMatchObject({ kind: "not-authorised" });
  });

  it.each([
    ["in trial keeps one manager", { isLive: false, managers: 1, isRefused: true }],
    ["in trial may lose the second", { isLive: false, managers: 2, isRefused: false }],
    ["that is live keeps two", { isLive: true, managers: 2, isRefused: true }],
    ["that is live may lose the third", { isLive: true, managers: 3, isRefused: false }],
  ])("%s", async (_, { isLive, managers, isRefused }) => {
    const helper = await member(["send_messages"]);
    for (let i = 1; i < managers; i++) await member(["manage_service"]);
    if (isLive) await makeLive(world.people, actorOf(owner), serviceId);
    const losing = changeMember(world.people, actorOf(helper), {
      serviceId,
      userId: owner.id,
      permissions: ["view_activity"],
    });
    const kept = await losing.then(
      () => "changed",
      (error) => error.kind,
    );
    expect(kept).toBe(isRefused ? "conflict" : "changed");
    const permissions = await findMemberPermissions(world.people.db, { serviceId, userId: owner.id });
    expect(permissions?.includes("manage_service")).toBe(isRefused);
    const removal = removeMember(world.people, actorOf(helper), { serviceId, userId: owner.id });
    expect(
      await removal.then(
        () => "removed",
        (error) => error.kind,
      ),
    ).toBe(isRefused ? "conflict" : "removed");
  });

  it("lets two managers who remove each other at once not both go", async () => {
    const second = await member(["manage_service"]);
    const settled = await Promise.allSettled([
      removeMember(world.people, actorOf(owner), { serviceId, userId: second.id }),
      removeMember(world.people, actorOf(second), { serviceId, userId: owner.id }),
    ]);
    expect(settled.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
  });

  it("never loses its last member", async () => {
    const admin = await world.user({ isPlatformAdmin: true });
    const removal = removeMember(world.people, actorOf(admin), { serviceId, userId: owner.id });
    await expect(removal).rejects.toMatchObject({ kind: "conflict" });
  });

  it("takes of a form's ticks only what there is", () => {
    expect(permissionsFrom(["manage_api_keys", "rule_the_world", "send_messages"])).toEqual([
      "send_messages",
      "manage_api_keys",
    ]);
  });
});

describe("asking to join", () => {
  async function colleague() {
    const organisation = await createOrganisation(world.people, actorOf(owner), newName());
    const domain = `${newName().replace(" ", "").toLowerCase()}.example`;
    const settings = {
      id: organisation,
      name: newName(),
      approvesOwnServices: false,
      takesJoinRequests: true,
      domains: [domain],
    };
    await changeOrganisation(world.people, actorOf(owner), settings);
    await world.people.db.query`update services set organisation_id = ${organisation} where id = ${serviceId}`;
    const user = await world.user({ name: "Grace", emailAddress: `grace@${domain}` });
    return { user, settings };
  }
  const ask = (user: User, managerIds = [owner.id], reason?: string) =>
    askToJoin(world.people, actorOf(user), { serviceId, managerIds, reason, origin: HERE.origin });

  it("is let in by one who was asked, once", async () => {
    const { user } = await colleague();
    expect(await listServicesToJoin(world.people, user.id)).toMatchObject([{ id: serviceId }]);
    const id = await ask(user, [owner.id], "I write the letters");
    const [mail] = await world.mailTo(owner.emailAddress);
    expect(mail?.body).toContain("I write the letters");
    await expect(ask(user)).rejects.toMatchObject({ kind: "conflict" });
    const decision = { id, permissions: ["manage_templates"] as const, hiddenFolderIds: [], origin: HERE.origin };
    const stranger = await member(["manage_service"]);
    await expect(approveJoinRequest(world.people, actorOf(stranger), decision)).rejects.toMatchObject({
      kind: "not-authorised",
    });
    await approveJoinRequest(world.people, actorOf(owner), decision);
    expect(await findMemberPermissions(world.people.db, { serviceId, userId: user.id })).toEqual(["manage_templates"]);
    await expect(refuseJoinRequest(world.people, actorOf(owner), id)).rejects.toMatchObject({ kind: "conflict" });
    expect(await getJoinRequest(world.people, id)).toMatchObject({ status: "approved", decidedByName: owner.name });
    expect((await world.mailTo(user.emailAddress))[0]).toMatchObject({ template: "You have joined a service" });
  });

  it("is refused, and may ask again", async () => {
    const { user } = await colleague();
    await refuseJoinRequest(world.people, actorOf(owner), await ask(user));
    expect(await findMemberPermissions(world.people.db, { serviceId, userId: user.id })).toBeUndefined();
    expect((await world.mailTo(user.emailAddress))[0]).toMatchObject({ template: "You have not joined a service" });
    expect(await ask(user)).toBeTruthy();
  });

  it("is for people of the organisation, while it takes requests, and of somebody", async () => {
    const { user, settings } = await colleague();
    await expect(ask(user, [])).rejects.toMatchObject({ problems: [{ problem: "managers-missing" }] });
    await expect(ask(await world.user())).rejects.toMatchObject({ kind: "not-found" });
    await changeOrganisation(world.people, actorOf(owner), { ...settings, takesJoinRequests: false });
    await expect(ask(user)).rejects.toMatchObject({ kind: "not-found" });
  });
});

describe("an organisation", () => {
  it("has people by invitation", async () => {
    const organisationId = await createOrganisation(world.people, actorOf(owner), newName());
    const user = await world.user();
    const form = { organisationId, emailAddress: user.emailAddress, mayMakeLive: true, origin: HERE.origin };
    await inviteToOrganisation(world.people, actorOf(owner), form);
    await acceptInvitation(world.people, actorOf(user), await world.tokenTo(user.emailAddress));
    expect(await listOrganisationsOfUser(world.people.db, user.id)).toMatchObject([
      { organisationId, mayMakeLive: true },
    ]);
  });

  it("has domains of its own, that new services of its people follow", async () => {
    const id = await createOrganisation(world.people, actorOf(owner), newName());
    const settings = { id, name: newName(), approvesOwnServices: true, takesJoinRequests: true };
    await expect(
      changeOrganisation(world.people, actorOf(owner), { ...settings, domains: ["no domain"] }),
    ).rejects.toMatchObject({
      problems: [{ problem: "domain-invalid" }],
    });
    await changeOrganisation(world.people, actorOf(owner), { ...settings, domains: [" Parks.example "] });
    const other = await createOrganisation(world.people, actorOf(owner), newName());
    const taken = { ...settings, id: other, name: newName(), domains: ["parks.example"] };
    await expect(changeOrganisation(world.people, actorOf(owner), taken)).rejects.toMatchObject({
      problems: [{ problem: "domain-taken" }],
    });
    const user = await world.user({ emailAddress: "ranger@north.parks.example" });
    const made = await createService(world.people, actorOf(user), newName());
    const [row] = await world.people.db.query<{ organisationId: string }>`
      select s.organisation_id from services s where s.id = ${made}`;
    expect(row?.organisationId).toBe(id);
  });
});
