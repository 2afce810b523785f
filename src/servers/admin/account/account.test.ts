import { Secret, TOTP } from "otpauth";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Person } from "../../../../test/support/admin.ts";
import { type AdminWithPeople, startAdminWithPeople } from "../../../../test/support/admin-people.ts";
import { PASSWORD } from "../../../../test/support/people.ts";
import { accountFactors } from "../../../flow/people/factors.ts";
import { listSessions } from "../../../records/sessions/session-store.ts";
import { findUser, type User } from "../../../records/users/user-store.ts";
import { accountRoutes } from "./account.ts";

const NEW_PASSWORD = "eleven brown owls at dusk";
let people: AdminWithPeople;
beforeAll(async () => {
  people = await startAdminWithPeople();
});
afterAll(() => people?.close());

type Wish = Parameters<AdminWithPeople["world"]["user"]>[0];

async function someone(wish: Wish = {}): Promise<{ user: User; person: Person }> {
  const user = await people.world.user(wish);
  return { user, person: await people.signedIn(user) };
}

const now = (user: User) => findUser(people.world.app.db, user.id);
const kindsOf = async (user: User) => (await accountFactors(people.world.people, user.id)).kinds;

describe("pages of one's account", () => {
  const own = accountRoutes.filter(({ who }) => who === "signed-in");

  it.each(own.map(({ method, url }) => [method, url] as const))(
    "%s %s is for who has signed in",
    async (method, url) => {
      const path = url.replace(/:\w+/, "app");
      const stranger = people.admin.stranger();
      const answer = method === "GET" ? await stranger.get(path) : await stranger.post(path);
      expect([answer.status, answer.location]).toEqual([303, expect.stringMatching(/^\/sign-in/)]);
    },
  );

  it("say the name, addresses and what is set up", async () => {
    const { person } = await someone({ name: "Grace <Hopper>", mobileNumber: "07700 900431" });
    const { text } = await person.get("/account");
    expect(text).toContain("Grace &lt;Hopper&gt;");
    expect(text).toContain("07700 900431");
    expect(text).toContain("your password alone signs you in");
    expect(text).not.toContain("platform view");
  });
});

describe("one's name and password", () => {
  it("are changed, and nothing that is wrong with them is taken", async () => {
    const { user, person } = await someone();
    expect((await person.post("/account/name", { name: "  " })).status).toBe(400);
    expect((await person.post("/account/name", { name: "Ada King" })).location).toBe("/account");
    expect((await person.get("/account")).text).toContain("Your name is changed");
    expect(await now(user)).toMatchObject({ name: "Ada King" });
  });

  it("of other sessions end with the password", async () => {
    const { user, person } = await someone();
    const elsewhere = await people.signedIn(user);
    const wrong = await person.post("/account/password", { currentPassword: "no", password: NEW_PASSWORD });
    expect([wrong.status, wrong.text]).toEqual([400, expect.stringContaining('href="#currentPassword"')]);
    const right = await person.post("/account/password", { currentPassword: PASSWORD, password: NEW_PASSWORD });
    expect(right.location).toBe("/account");
    expect([(await person.get("/account")).status, (await elsewhere.get("/account")).status]).toEqual([200, 303]);
  });
});

describe("one's email address", () => {
  it("changes once the link in the new mailbox is used, by POST", async () => {
    const { user, person } = await someone();
    const emailAddress = "ada.king@council.example";
    expect((await person.post("/account/email", { emailAddress, password: "no" })).status).toBe(400);
    expect((await person.post("/account/email", { emailAddress, password: PASSWORD })).location).toBe("/account");
    const link = await people.linkTo(emailAddress, "/account/email/confirm");
    expect((await person.get(link)).status).toBe(200);
    expect(await now(user)).toMatchObject({ emailAddress: user.emailAddress });
    expect((await person.post(link)).location).toBe("/account");
    expect(await now(user)).toMatchObject({ emailAddress });
    expect([(await person.get(link)).status, (await person.post(link)).status]).toEqual([410, 410]);
  });
});

describe("one's mobile number", () => {
  it("changes with the code that was texted to it, and is removed with the password", async () => {
    const { user, person } = await someone();
    expect((await person.post("/account/mobile", { mobileNumber: "12", password: PASSWORD })).status).toBe(400);
    const begun = await person.post("/account/mobile", { mobileNumber: "07700 900432", password: PASSWORD });
    expect((await person.post(begun.location ?? "", { code: "" })).status).toBe(400);
    const code = await people.codeTo("07700 900432");
    expect((await person.post(begun.location ?? "", { code })).location).toBe("/account");
    expect((await now(user))?.mobileNumber).toBeDefined();
    await person.post("/account/mobile/removal", { password: PASSWORD });
    expect((await now(user))?.mobileNumber).toBeUndefined();
  });
});

describe("the second step", () => {
  it("by text is added with a code, and removed with the password", async () => {
    const { user, person } = await someone({ mobileNumber: "+447700900433" });
    const begun = await person.post("/account/second-factors/text");
    const code = await people.codeTo("+447700900433");
    expect((await person.post(begun.location ?? "", { code })).location).toBe("/account/second-factors");
    expect(await kindsOf(user)).toEqual(["text"]);
    const alone = await person.post("/account/mobile/removal", { password: PASSWORD });
    expect([alone.status, alone.text]).toEqual([400, expect.stringContaining("texts are your only second factor")]);
    expect((await person.post("/account/second-factors/text/removal", { password: "no" })).status).toBe(400);
    await person.post("/account/second-factors/text/removal", { password: PASSWORD });
    expect(await kindsOf(user)).toEqual([]);
  });

  it("by text needs a number", async () => {
    const { person } = await someone();
    expect((await person.get("/account/second-factors")).text).toContain("Add a mobile number");
    const refused = await person.post("/account/second-factors/text");
    expect([refused.status, refused.text]).toEqual([
      400,
      expect.stringContaining("Add a mobile number to your account"),
    ]);
  });

  it("by link is added by POST alone", async () => {
    const { user, person } = await someone();
    await person.get("/account/second-factors/email-link");
    expect(await kindsOf(user)).toEqual([]);
    await person.post("/account/second-factors/email-link");
    expect(await kindsOf(user)).toEqual(["email-link"]);
    expect((await person.get("/account/second-factors/passkey/removal")).status).toBe(404);
  });

  it("by app shows the same picture until its code is right", async () => {
    const { user, person } = await someone();
    const first = await person.get("/account/second-factors/app");
    expect(first.text).toContain("<svg ");
    const sealedSecret = /name="sealedSecret" value="([^"]+)"/.exec(first.text)?.[1] ?? "";
    const secret = /id="secret">([^<]+)</.exec(first.text)?.[1] ?? "";
    const wrong = await person.post("/account/second-factors/app", { sealedSecret, code: "abcdef" });
    expect([wrong.status, wrong.text]).toEqual([400, expect.stringContaining(secret)]);
    const forged = await person.post("/account/second-factors/app", { sealedSecret: "made-up", code: "123456" });
    expect([forged.status, forged.text.includes(secret)]).toEqual([400, false]);
    const totp = new TOTP({ secret: Secret.fromBase32(secret.replaceAll(" ", "")) });
    const code = totp.generate({ timestamp: people.world.clock.now().getTime() });
    await person.post("/account/second-factors/app", { sealedSecret, code });
    expect(await kindsOf(user)).toEqual(["app"]);
  });

  it("by passkey takes none that the browser did not make, and knows nobody else's", async () => {
    const { person } = await someone();
    const options = await person.post("/account/passkeys/options");
    expect(JSON.parse(options.text)).toMatchObject({ rp: { id: "127.0.0.1" }, challenge: expect.any(String) });
    for (const passkey of ["", "null", '{"id":"x"}']) {
      expect((await person.post("/account/passkeys/new", { name: "Mine", passkey })).status).toBe(400);
    }
    for (const page of ["name", "removal"]) {
      expect((await person.get(`/account/passkeys/00000000-0000-7000-8000-000000000000/${page}`)).status).toBe(404);
    }
  });

  it("has recovery codes besides another factor, made by POST and shown once", async () => {
    const { user, person } = await someone();
    expect((await person.post("/account/recovery-codes")).text).toContain("add one first");
    await person.post("/account/second-factors/email-link");
    expect((await person.get("/account/second-factors")).text).toContain("Make recovery codes");
    const made = await person.post("/account/recovery-codes");
    const codes = [...made.text.matchAll(/<li class="pp-code">([^<]+)<\/li>/g)].map(([, code]) => code ?? "");
    expect([codes.length, made.headers.get("cache-control")]).toEqual([10, "no-store"]);
    expect((await person.get("/account/recovery-codes")).text).not.toContain(codes[0]);
    expect((await accountFactors(people.world.people, user.id)).recoveryCodesLeft).toBe(10);
  });
});

describe("sessions", () => {
  it("are listed, and ended one by one or all but this one", async () => {
    const { user, person } = await someone();
    const [one, two] = [await people.signedIn(user), await people.signedIn(user)];
    const { text } = await person.get("/account/sessions");
    const ids = [...text.matchAll(/name="session" value="([^"]+)"/g)].map(([, id]) => id ?? "");
    expect(ids).toHaveLength(2);
    const [latest = ""] = ids;
    await person.post("/account/sessions/ended", { session: latest });
    expect([(await one.get("/account")).status, (await two.get("/account")).status]).toEqual([200, 303]);
    await person.post("/account/sessions/others-ended");
    expect([(await one.get("/account")).status, (await person.get("/account")).status]).toEqual([303, 200]);
  });

  it("of others are out of reach", async () => {
    const { user, person } = await someone();
    const other = await someone();
    const [session] = await listSessions(people.world.app.db, user.id, people.world.clock.now());
    await other.person.post("/account/sessions/ended", { session: session?.id.toString("base64url") ?? "" });
    expect((await person.get("/account")).status).toBe(200);
  });
});

describe("a platform administrator", () => {
  it("can look as other people do, and come back", async () => {
    const { person } = await someone({ isPlatformAdmin: true });
    const service = await people.world.service();
    const open = async () => (await person.get(`/services/${service.id}/templates`)).status;
    expect(await open()).toBe(200);
    await person.post("/account/platform-view", { view: "hidden" });
    expect(await open()).toBe(404);
    expect((await person.get("/account")).text).toContain("Use the platform view");
    await person.post("/account/platform-view", { view: "shown" });
    expect(await open()).toBe(200);
  });
});
