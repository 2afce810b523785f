import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type OpenIdPeer, startOpenIdProvider } from "../../../../test/peers/openid-provider.ts";
import type { Person } from "../../../../test/support/admin.ts";
import { type AdminWithPeople, startAdminWithPeople } from "../../../../test/support/admin-people.ts";
import { HERE, PASSWORD } from "../../../../test/support/people.ts";
import { addEmailLinkFactor, beginTextFactor, confirmTextFactor } from "../../../flow/people/factors.ts";
import { changeSingleSignOn } from "../../../flow/people/platform.ts";
import { makeRecoveryCodes } from "../../../flow/people/recovery-codes.ts";
import { SINGLE_SIGN_ON_PATH } from "../../../flow/people/single-sign-on.ts";
import { FAILED_SIGN_INS_MAX } from "../../../records/users/account-store.ts";
import type { User } from "../../../records/users/user-store.ts";
import { routes } from "../routes.ts";
import { nextPage } from "./next-page.ts";
import { parsePasskey } from "./parse-passkey.ts";

const VERIFY = "/sign-in/verify";
let people: AdminWithPeople;
beforeAll(async () => {
  people = await startAdminWithPeople();
});
afterAll(() => people?.close());

const actorOf = (user: User) => ({ userId: user.id, ip: HERE.ip });

async function userWithText(mobileNumber: string): Promise<User> {
  const { world } = people;
  const user = await world.user({ mobileNumber });
  await beginTextFactor(world.people, actorOf(user));
  await confirmTextFactor(world.people, actorOf(user), await world.codeTo(mobileNumber));
  return user;
}

async function userWithLink(): Promise<User> {
  const user = await people.world.user();
  await addEmailLinkFactor(people.world.people, actorOf(user));
  return user;
}

async function passwordGiven({ emailAddress }: User, next = "/services"): Promise<{ person: Person; at: string }> {
  const person = people.admin.stranger();
  const answer = await person.post("/sign-in", { emailAddress, password: PASSWORD, next });
  return { person, at: answer.location ?? "" };
}

const isSignedIn = async (person: Person) => (await person.get("/account")).status === 200;

describe("a password alone", () => {
  it("leads to the page that was asked for, where a second step is suggested once", async () => {
    const { person, at } = await passwordGiven(await people.world.user(), "/services?from=here");
    expect(at).toBe("/services?from=here");
    expect((await person.get(at)).text).toContain("/account/second-factors");
    expect((await person.get(at)).text).not.toContain("/account/second-factors");
  });
});

describe("where signing in leads", () => {
  it.each([
    ["/services/1?tab=2", "/services/1?tab=2"],
    ["//elsewhere.example/", "/services"],
    ["/\\elsewhere.example/", "/services"],
    ["https://elsewhere.example/", "/services"],
    ["/sign-in", "/services"],
    ["/sign-in/verify?next=%2Fsign-in", "/services"],
    [null, "/services"],
  ])("from %s is %s", (asked, leads) => {
    expect(nextPage(asked)).toBe(leads);
  });
});

describe("the second step", () => {
  it("is for who has given the password, and once it is taken is no more", async () => {
    const user = await userWithText("+447700900301");
    const stranger = await people.admin.stranger().get(VERIFY);
    expect([stranger.status, stranger.location]).toEqual([303, `/sign-in?next=${encodeURIComponent(VERIFY)}`]);
    const { person } = await passwordGiven(user);
    expect(await isSignedIn(person)).toBe(false);
    await person.post(VERIFY, { by: "text", code: await people.codeTo("+447700900301") });
    const again = await person.get(VERIFY);
    expect((await person.get(again.location ?? "")).location).toBe("/services");
  });

  it("by text takes the code that was texted, once, and goes on", async () => {
    const user = await userWithText("+447700900302");
    const { person, at } = await passwordGiven(user, "/account");
    expect(at).toBe(`${VERIFY}?by=text&next=%2Faccount`);
    expect((await person.get(at)).text).toContain("Check your phone");
    const code = await people.codeTo("+447700900302");
    const wrong = await person.post(VERIFY, {
      by: "text",
      code: code === "00000" ? "11111" : "00000",
      next: "/account",
    });
    expect([wrong.status, wrong.text]).toEqual([400, expect.stringContaining("The code is not right")]);
    const missing = await person.post(VERIFY, { by: "text", code: " " });
    expect([missing.status, missing.text]).toEqual([400, expect.stringContaining("Enter the code that we texted you")]);
    const right = await person.post(VERIFY, { by: "text", code, next: "/account" });
    expect([right.status, right.location]).toEqual([303, "/account"]);
    const other = await passwordGiven(user);
    expect((await other.person.post(VERIFY, { by: "text", code })).status).toBe(400);
  });

  it("tells a code that came too late, and sends another", async () => {
    const { person } = await passwordGiven(await userWithText("+447700900303"));
    const late = await people.codeTo("+447700900303");
    people.world.clock.advance(31 * 60_000);
    expect((await person.post(VERIFY, { by: "text", code: late })).text).toContain("The code has expired");
    const sent = await person.post(`${VERIFY}/codes`, { next: "//elsewhere.example" });
    expect(sent.location).toBe(`${VERIFY}?by=text&next=%2Fservices`);
    expect((await person.get(sent.location ?? "")).text).toContain("We have texted you a code");
    await person.post(VERIFY, { by: "text", code: await people.codeTo("+447700900303") });
    expect(await isSignedIn(person)).toBe(true);
  });

  it("offers every other factor one has: those that send something by a form, so that no link sends it", async () => {
    const user = await userWithText("+447700900304");
    await addEmailLinkFactor(people.world.people, actorOf(user));
    await makeRecoveryCodes(people.world.people, actorOf(user));
    const { person, at } = await passwordGiven(user);
    const { text } = await person.get(at);
    expect(text).toContain(`action="${VERIFY}/links"`);
    expect(text).toContain("by=recovery-code");
    expect(text).not.toContain("by=app");
    const before = (await people.world.mailTo(user.emailAddress)).length;
    await person.get(`${VERIFY}?by=email-link`);
    expect(await people.world.mailTo(user.emailAddress)).toHaveLength(before);
  });

  it("takes a recovery code, once", async () => {
    const user = await userWithLink();
    const [code = ""] = await makeRecoveryCodes(people.world.people, actorOf(user));
    const first = await passwordGiven(user);
    await first.person.post(VERIFY, { by: "recovery-code", code });
    expect(await isSignedIn(first.person)).toBe(true);
    const second = await passwordGiven(user);
    expect((await second.person.post(VERIFY, { by: "recovery-code", code })).text).toContain("was used before");
  });

  it("refuses what is no answer of a passkey", async () => {
    const { person } = await passwordGiven(await userWithLink());
    for (const passkey of ["", "{", "null", '{"id":"x"}']) {
      expect((await person.post(VERIFY, { by: "passkey", passkey })).status).toBe(400);
    }
    expect(parsePasskey("[]")).toBeUndefined();
    expect(JSON.parse((await person.post(`${VERIFY}/passkey-options`)).text)).toMatchObject({ rpId: "127.0.0.1" });
  });

  it("locks the account after ten failures, and ends the session that tried", async () => {
    const user = await userWithLink();
    const { person } = await passwordGiven(user);
    for (let tries = 0; tries < FAILED_SIGN_INS_MAX; tries += 1) {
      expect((await person.post(VERIFY, { by: "recovery-code", code: "wrong" })).status).toBe(400);
    }
    const locked = await person.post(VERIFY, { by: "recovery-code", code: "wrong" });
    expect([locked.status, locked.text]).toEqual([403, expect.stringContaining("/forgot-password")]);
    expect((await person.get(VERIFY)).status).toBe(303);
  });
});

describe("a link by email", () => {
  it("is used up by POST alone, and leads to where one was going", async () => {
    const user = await userWithLink();
    const { person, at } = await passwordGiven(user, "/account/sessions");
    expect((await person.get(at)).text).toContain("Check your inbox");
    const link = await people.linkTo(user.emailAddress, "/email-auth");
    for (const _ of ["a scanner", "another", "the person"]) expect((await person.get(link)).status).toBe(200);
    expect(await isSignedIn(person)).toBe(false);
    expect((await person.post(link)).location).toBe("/account/sessions");
    expect(await isSignedIn(person)).toBe(true);
    expect([(await person.get(link)).status, (await person.post(link)).status]).toEqual([410, 410]);
  });

  it("works in another browser, and not when its time is over", async () => {
    const user = await userWithLink();
    await passwordGiven(user);
    const elsewhere = people.admin.stranger();
    expect((await elsewhere.post(await people.linkTo(user.emailAddress, "/email-auth"))).location).toBe("/services");
    const late = await userWithLink();
    await passwordGiven(late);
    const link = await people.linkTo(late.emailAddress, "/email-auth");
    people.world.clock.advance(31 * 60_000);
    expect((await elsewhere.post(link)).status).toBe(410);
  });
});

describe("pages with a secret in their address", () => {
  const secret = routes.filter(({ url }) => url.includes(":token") || url === SINGLE_SIGN_ON_PATH);

  it("are known", () => {
    expect(secret.length).toBeGreaterThan(8);
  });

  it.each(secret.map(({ method, url }) => [method, url] as const))(
    "%s %s gives it to no other page, and asks no one to sign in with it",
    async (method, url) => {
      const path = url.replace(":token", "x".repeat(43));
      const person = people.admin.stranger();
      const answer = method === "GET" ? await person.get(path) : await person.post(path);
      expect(answer.headers.get("referrer-policy")).toBe("strict-origin");
      expect(answer.headers.get("cache-control")).toBe("no-store");
      expect(answer.location ?? "").not.toContain("x".repeat(43));
    },
  );
});

describe("single sign-on", () => {
  let peer: OpenIdPeer;
  beforeAll(async () => {
    const client = { id: "pennypost", secret: "a secret that only the two of them know" };
    const redirectUrl = `${people.admin.url}${SINGLE_SIGN_ON_PATH}`;
    expect((await people.admin.stranger().get("/sign-in")).text).not.toContain("single-sign-on");
    peer = await startOpenIdProvider({ ...client, redirectUrl });
    const terms = { issuer: peer.issuer, clientId: client.id, clientSecret: client.secret };
    const actor = { userId: "00000000-0000-4000-8000-000000000000", ip: HERE.ip };
    await changeSingleSignOn(people.world.people, actor, { ...terms, allowedDomains: ["council.example"] });
  });
  afterAll(() => peer?.close());

  async function come(login: string): Promise<{ person: Person; back: string }> {
    const person = people.admin.stranger();
    const start = await person.get("/sign-in/single-sign-on?next=%2Faccount");
    const back = await peer.signIn(start.location ?? "", login);
    return { person, back: `${back.pathname}${back.search}` };
  }

  it("is offered, signs in, and leads to where one was going", async () => {
    expect((await people.admin.stranger().get("/sign-in?next=/account")).text).toContain(
      "/sign-in/single-sign-on?next=%2Faccount",
    );
    peer.accounts.set("ada", { email: "ada@council.example", email_verified: true, name: "Ada Lovelace" });
    const { person, back } = await come("ada");
    expect((await person.get(back)).location).toBe("/account");
    expect((await person.get("/account")).text).toContain("None: you sign in with your organisation");
  });

  it("is finished by no other browser, and lets in no others", async () => {
    peer.accounts.set("ida", { email: "ida@council.example", email_verified: true, name: "Ida" });
    const stolen = await people.admin.stranger().get((await come("ida")).back);
    expect([stolen.status, stolen.text]).toEqual([403, expect.stringContaining("was not finished")]);
    peer.accounts.set("eve", { email: "eve@elsewhere.example", email_verified: true, name: "Eve" });
    const { person, back } = await come("eve");
    const refused = await person.get(back);
    expect([refused.status, refused.text]).toEqual([403, expect.stringContaining("are not let in here")]);
    expect(await isSignedIn(person)).toBe(false);
  });
});
