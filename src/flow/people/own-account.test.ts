import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createPeopleWorld, HERE, PASSWORD, type PeopleWorld } from "../../../test/support/people.ts";
import { listAudit } from "../../records/audit/audit-store.ts";
import { findSession, sessionIdOf } from "../../records/sessions/session-store.ts";
import { findUser, type User } from "../../records/users/user-store.ts";
import {
  beginEmailChange,
  beginMobileChange,
  changeName,
  changePassword,
  confirmEmailChange,
  confirmMobileChange,
  removeMobileNumber,
} from "./own-account.ts";
import { startSession } from "./sessions.ts";
import { beginSignIn } from "./sign-in.ts";

const NEW_PASSWORD = "eleven brown owls at dusk";
let world: PeopleWorld;
beforeAll(async () => {
  world = await createPeopleWorld();
});
afterAll(() => world.close());

const actorOf = (user: User) => ({ userId: user.id, ip: "192.0.2.77" });
const now = (user: User) => findUser(world.people.db, user.id);

describe("one's own account", () => {
  it("has another name, and the log says by whom and from where, not which", async () => {
    const user = await world.user();
    await changeName(world.people, actorOf(user), " Ada King ");
    await expect(changeName(world.people, actorOf(user), "www.example.net")).rejects.toThrow();
    expect(await now(user)).toMatchObject({ name: "Ada King" });
    const [entry] = await listAudit(world.people.db, { limit: 1 });
    expect(entry).toMatchObject({
      action: "user.renamed",
      actor: user.id,
      actorName: "Ada King",
      subjectName: "Ada King",
      ip: "192.0.2.77",
    });
  });

  it("has another password: the session at hand stays, the others end", async () => {
    const user = await world.user();
    const wish = { userId: user.id, stage: "signed-in", ipAddress: HERE.ip, userAgent: "" } as const;
    const [mine, other] = [await startSession(world.app, wish), await startSession(world.app, wish)];
    const change = { password: NEW_PASSWORD, keeps: sessionIdOf(mine), origin: HERE.origin };
    const wrong = changePassword(world.people, actorOf(user), { ...change, currentPassword: "wrong" });
    await expect(wrong).rejects.toMatchObject({ problems: [{ field: "currentPassword", problem: "password-wrong" }] });
    await changePassword(world.people, actorOf(user), { ...change, currentPassword: PASSWORD });
    expect(await findSession(world.people.db, mine, world.clock.now())).toBeDefined();
    expect(await findSession(world.people.db, other, world.clock.now())).toBeUndefined();
    const signIn = { emailAddress: user.emailAddress, password: NEW_PASSWORD, ip: HERE.ip };
    expect(await beginSignIn(world.people, signIn)).toMatchObject({ kind: "signed-in" });
    expect((await world.mailTo(user.emailAddress))[0]).toMatchObject({ template: "Your password was changed" });
  });

  it("has another address once the link in its mailbox is used, and the old mailbox hears of it", async () => {
    const user = await world.user();
    const change = { emailAddress: "ada.new@example.org", password: PASSWORD, ...HERE };
    await beginEmailChange(world.people, actorOf(user), change);
    expect(await now(user)).toMatchObject({ emailAddress: user.emailAddress });
    const token = await world.tokenTo("ada.new@example.org");
    expect(await confirmEmailChange(world.people, { token, ip: HERE.ip })).toBe("changed");
    expect(await now(user)).toMatchObject({ emailAddress: "ada.new@example.org" });
    expect((await world.mailTo(user.emailAddress))[0]).toMatchObject({ template: "Your email address was changed" });
    expect(await confirmEmailChange(world.people, { token, ip: HERE.ip })).toBe("expired");
  });

  it("does not say that an address is somebody else's, and does not take it", async () => {
    const [user, holder] = [await world.user(), await world.user()];
    const change = { emailAddress: holder.emailAddress, password: PASSWORD, ...HERE };
    expect(await beginEmailChange(world.people, actorOf(user), change)).toBeUndefined();
    expect((await world.mailTo(holder.emailAddress)).map(({ template }) => template)).toEqual([
      "You already have an account",
    ]);
    const fresh = { ...change, emailAddress: "race@example.org" };
    await beginEmailChange(world.people, actorOf(user), fresh);
    const token = await world.tokenTo("race@example.org");
    await world.user({ emailAddress: "Race@example.org" });
    expect(await confirmEmailChange(world.people, { token, ip: HERE.ip })).toBe("in-use");
  });

  it("has another number once the code sent there is given", async () => {
    const user = await world.user({ mobileNumber: "07700 900401" });
    const wrongNumber = beginMobileChange(world.people, actorOf(user), { mobileNumber: "12", password: PASSWORD });
    await expect(wrongNumber).rejects.toMatchObject({ problems: [{ field: "mobileNumber" }] });
    await beginMobileChange(world.people, actorOf(user), { mobileNumber: "07700 900402", password: PASSWORD });
    await expect(confirmMobileChange(world.people, actorOf(user), "no code")).rejects.toThrow();
    expect(await now(user)).toMatchObject({ mobileNumber: "07700 900401" });
    const code = await world.codeTo("07700 900402");
    expect(await confirmMobileChange(world.people, actorOf(user), code)).toBe("07700 900402");
    await removeMobileNumber(world.people, actorOf(user), PASSWORD);
    expect((await now(user))?.mobileNumber).toBeUndefined();
  });
});
