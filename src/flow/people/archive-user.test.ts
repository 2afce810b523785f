import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createPeopleWorld, HERE, type PeopleWorld } from "../../../test/support/people.ts";
import { listOrganisationsOfUser } from "../../records/organisations/organisation-people-store.ts";
import { insertMember } from "../../records/services/member-store.ts";
import { findMemberPermissions } from "../../records/services/team-store.ts";
import { insertIdentity } from "../../records/sign-in/identity-store.ts";
import { findUserByEmail, type User } from "../../records/users/user-store.ts";
import { archiveUser } from "./archive-user.ts";
import { createOrganisation } from "./organisations.ts";
import { archiveService, createService } from "./services.ts";
import { startSession } from "./sessions.ts";

let world: PeopleWorld;
let operator: User;
beforeAll(async () => {
  world = await createPeopleWorld();
  operator = await world.user({ isPlatformAdmin: true });
});
afterAll(() => world.close());

const actorOf = (user: User) => ({ userId: user.id, ip: HERE.ip });
const archive = (user: User) => archiveUser(world.people, actorOf(operator), user.id);
let made = 0;
const serviceOf = (owner: User) => createService(world.people, actorOf(owner), `Parks ${++made}`);
const join = (serviceId: string, user: User) =>
  world.app.db.transaction((tx) => insertMember(tx, { serviceId, userId: user.id, permissions: ["manage_service"] }));
/** How many identities and open sessions somebody has. */
const waysIn = async (user: User) => {
  const [row] = await world.app.db.query<{ identities: number; sessions: number }>`
    select (select count(*) from single_sign_on_identities i where i.user_id = ${user.id}) as identities,
      (select count(*) from sessions s where s.user_id = ${user.id} and s.revoked_at is null) as sessions`;
  return row;
};

describe("somebody who has left", () => {
  it("is taken from services and organisations, and every way in is shut", async () => {
    const [user, colleague] = [await world.user({ mobileNumber: "07700 900123" }), await world.user()];
    const serviceId = await serviceOf(user);
    await join(serviceId, colleague);
    const organisationId = await createOrganisation(world.people, actorOf(operator), `Council ${++made}`);
    await world.app.db
      .query`insert into organisation_members (organisation_id, user_id) values (${organisationId}, ${user.id})`;
    const identity = { issuer: "https://id.example.org", subject: user.id, userId: user.id, now: world.clock.now() };
    await world.app.db.transaction((tx) => insertIdentity(tx, identity));
    await startSession(world.app, { userId: user.id, stage: "signed-in", ipAddress: HERE.ip, userAgent: "test" });
    expect(await waysIn(user)).toEqual({ identities: 1, sessions: 1 });
    await archive(user);
    expect(await findMemberPermissions(world.app.db, { serviceId, userId: user.id })).toBeUndefined();
    expect(await listOrganisationsOfUser(world.app.db, user.id)).toEqual([]);
    expect(await waysIn(user)).toEqual({ identities: 0, sessions: 0 });
    expect(await findUserByEmail(world.app.db, user.emailAddress)).toBeUndefined();
    expect((await world.actions()).slice(-2)).toEqual(["member.removed", "user.archived"]);
  });

  it("leaves the address to a new account", async () => {
    const user = await world.user({ emailAddress: "again@example.org" });
    await archive(user);
    const again = await world.user({ emailAddress: "again@example.org" });
    expect((await findUserByEmail(world.app.db, "again@example.org"))?.id).toBe(again.id);
  });

  it("stays in every team when one of them cannot do without", async () => {
    const [user, colleague] = [await world.user(), await world.user()];
    const [shared, alone] = [await serviceOf(user), await serviceOf(user)];
    await join(shared, colleague);
    await expect(archive(user)).rejects.toThrow(/Parks \d+: The last team member cannot be removed/);
    for (const serviceId of [shared, alone])
      expect(await findMemberPermissions(world.app.db, { serviceId, userId: user.id })).toBeDefined();
    expect(await findUserByEmail(world.app.db, user.emailAddress)).toBeDefined();
  });

  it("is not held back by a service that was deleted", async () => {
    const user = await world.user();
    const serviceId = await serviceOf(user);
    await archiveService(world.people, actorOf(user), { serviceId, isPlatformAdmin: false });
    await archive(user);
    expect(await findUserByEmail(world.app.db, user.emailAddress)).toBeUndefined();
  });
});
