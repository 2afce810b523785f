import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createPeopleWorld, HERE, PASSWORD, type PeopleWorld } from "../../../test/support/people.ts";
import { setRegistrationRule } from "../../records/deployment/people-settings.ts";
import { findUserByEmail } from "../../records/users/user-store.ts";
import { confirmRegistration, register } from "./register.ts";
import { beginSignIn } from "./sign-in.ts";

const HOUR_MS = 60 * 60_000;

let world: PeopleWorld;
let count = 0;
beforeAll(async () => {
  world = await createPeopleWorld();
  await world.people.db.transaction((tx) => setRegistrationRule(tx, { kind: "open" }));
});
afterAll(() => world.close());

const form = (wish: Partial<Parameters<typeof register>[1]> = {}) => {
  count += 1;
  return { name: "Ada", emailAddress: `new${count}@example.org`, password: PASSWORD, ...wish };
};
const here = () => ({ ...HERE, ip: `192.0.2.${count % 250}` });

describe("making an account", () => {
  it("takes a link in the mailbox, used with the password, and then signs in", async () => {
    const wish = form({ mobileNumber: "07700 900123" });
    await register(world.people, wish, here());
    const token = await world.tokenTo(wish.emailAddress);
    expect(await findUserByEmail(world.people.db, wish.emailAddress)).toBeUndefined();
    const answer = await confirmRegistration(world.people, { token, password: PASSWORD }, here());
    expect(answer).toMatchObject({ kind: "confirmed" });
    expect(await findUserByEmail(world.people.db, wish.emailAddress)).toMatchObject({
      name: "Ada",
      mobileNumber: "07700 900123",
      isPlatformAdmin: false,
    });
    expect(await beginSignIn(world.people, { ...wish, ip: "192.0.2.9" })).toMatchObject({ kind: "signed-in" });
    expect(await confirmRegistration(world.people, { token, password: PASSWORD }, here())).toEqual({ kind: "used" });
    expect(await world.actions()).toContain("user.created");
  });

  it("does not let a link that somebody else asked for make an account of theirs", async () => {
    const wish = form();
    await register(world.people, wish, here());
    const token = await world.tokenTo(wish.emailAddress);
    const answer = await confirmRegistration(world.people, { token, password: "not what they chose" }, here());
    expect(answer).toEqual({ kind: "wrong-password" });
    expect(await findUserByEmail(world.people.db, wish.emailAddress)).toBeUndefined();
  });

  it("answers a taken address as any other, and tells only its owner", async () => {
    const owner = await world.user();
    const answers = [
      await register(world.people, form({ emailAddress: owner.emailAddress.toUpperCase() }), here()),
      await register(world.people, form(), here()),
    ];
    expect(answers).toEqual([undefined, undefined]);
    const mail = await world.mailTo(owner.emailAddress);
    expect(mail.map(({ template }) => template)).toEqual(["You already have an account"]);
  });

  it("sends a new link where the old one came too late", async () => {
    const wish = form();
    await register(world.people, wish, here());
    const token = await world.tokenTo(wish.emailAddress);
    world.clock.advance(HOUR_MS + 1_000);
    expect(await confirmRegistration(world.people, { token, password: PASSWORD }, here())).toEqual({ kind: "expired" });
    const newer = await world.tokenTo(wish.emailAddress);
    expect(newer).not.toBe(token);
    expect(await confirmRegistration(world.people, { token, password: PASSWORD }, here())).toEqual({ kind: "unknown" });
    const answer = await confirmRegistration(world.people, { token: newer, password: PASSWORD }, here());
    expect(answer.kind).toBe("confirmed");
  });

  it("of one address twice makes one account", async () => {
    const wish = form();
    await register(world.people, wish, here());
    const first = await world.tokenTo(wish.emailAddress);
    await register(world.people, wish, here());
    const second = await world.tokenTo(wish.emailAddress);
    const answers = await Promise.all(
      [first, second].map((token) => confirmRegistration(world.people, { token, password: PASSWORD }, here())),
    );
    expect(answers.map(({ kind }) => kind).toSorted()).toEqual(["confirmed", "used"]);
  });

  it.each([
    [{ name: " " }, "name-missing"],
    [{ name: "see https://example.net" }, "name-url"],
    [{ name: "www.example.net now" }, "name-url"],
    [{ emailAddress: "ada" }, "email-invalid"],
    [{ mobileNumber: "12" }, "mobile-invalid"],
    [{ password: "herons7" }, "password-short"],
    [{ password: "long".repeat(65) }, "password-long"],
    [{ password: "iloveyou1" }, "password-common"],
    [{ name: "Ada Lovelace", password: "adalovelace1" }, "password-weak"],
  ])("is refused with %j as %s", async (wrong, problem) => {
    await expect(register(world.people, form(wrong), here())).rejects.toMatchObject({ problems: [{ problem }] });
  });

  it("takes a password of 256 characters, and no rule about which", async () => {
    const long = "a quick way to say hello to all of them ".repeat(7).slice(0, 256);
    await expect(register(world.people, form({ password: long }), here())).resolves.toBeUndefined();
  });

  it("is for whom the deployment says: by invitation while it says nothing", async () => {
    const fresh = await createPeopleWorld();
    await expect(register(fresh.people, form(), HERE)).rejects.toMatchObject({ kind: "not-authorised" });
    await fresh.people.db.transaction((tx) =>
      setRegistrationRule(tx, { kind: "domains", domains: ["council.example"] }),
    );
    await expect(register(fresh.people, form(), HERE)).rejects.toMatchObject({ kind: "not-authorised" });
    const notQuite = form({ emailAddress: "eve@notcouncil.example" });
    await expect(register(fresh.people, notQuite, HERE)).rejects.toMatchObject({ kind: "not-authorised" });
    await register(fresh.people, form({ emailAddress: "ada@libraries.council.example" }), HERE);
    expect(await fresh.tokenTo("ada@libraries.council.example")).toBeTruthy();
    await fresh.close();
  });

  it("is slowed down for one address of the network", async () => {
    const ip = "198.51.100.7";
    for (let i = 0; i < 20; i++)
      await register(world.people, form({ emailAddress: "same@example.org" }), { ...HERE, ip });
    await expect(register(world.people, form(), { ...HERE, ip })).rejects.toMatchObject({ kind: "rate-limited" });
    expect(await world.mailTo("same@example.org")).toHaveLength(5);
  });
});
