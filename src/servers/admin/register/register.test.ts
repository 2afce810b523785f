import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type AdminWithPeople, startAdminWithPeople } from "../../../../test/support/admin-people.ts";
import { PASSWORD } from "../../../../test/support/people.ts";
import { REGISTRATION_LINK_VALID_MS } from "../../../flow/people/register.ts";
import { type RegistrationRule, setRegistrationRule } from "../../../records/deployment/people-settings.ts";

let people: AdminWithPeople;
beforeAll(async () => {
  people = await startAdminWithPeople();
});
afterAll(() => people?.close());

const rule = (wanted: RegistrationRule) => people.world.app.db.transaction((tx) => setRegistrationRule(tx, wanted));
beforeEach(() => rule({ kind: "open" }));

let newcomers = 0;
async function register(change: Record<string, string> = {}) {
  newcomers += 1;
  const emailAddress = `new${newcomers}@council.example`;
  const person = people.admin.stranger();
  const fields = { name: "Nadia Newcomer", emailAddress, mobileNumber: "", password: PASSWORD, ...change };
  return { person, emailAddress, answer: await person.post("/register", fields) };
}

describe("who may make an account", () => {
  it("by invitation alone is told so, and sign-in does not offer it", async () => {
    await rule({ kind: "invitation" });
    const { person, answer } = await register();
    expect(answer.text).toContain("Accounts are made by invitation");
    expect((await person.get("/register")).text).not.toContain('<input type="password"');
    expect((await person.get("/sign-in")).text).not.toContain('href="/register"');
  });

  it("of certain organisations is told which, and others are refused", async () => {
    await rule({ kind: "domains", domains: ["library.example"] });
    const { person } = await register();
    expect((await person.get("/register")).text).toContain("library.example");
    expect((await register()).answer.status).toBe(403);
    expect((await register({ emailAddress: "ada@library.example" })).answer.status).toBe(303);
  });
});

describe("registering", () => {
  it("tells everything that is wrong with the form, and keeps what was filled in but the password", async () => {
    const { answer } = await register({
      name: "www.example.com",
      emailAddress: "none",
      mobileNumber: "12",
      password: "x",
    });
    expect(answer.status).toBe(400);
    for (const field of ["name", "emailAddress", "mobileNumber", "password"])
      expect(answer.text).toContain(`href="#${field}"`);
    expect(answer.text).toContain('value="www.example.com"');
    expect(answer.text).not.toContain('value="x"');
  });

  it("answers alike whether there is such an account or not", async () => {
    const user = await people.world.user();
    const [fresh, taken] = [await register(), await register({ emailAddress: user.emailAddress })];
    expect([taken.answer.status, taken.answer.location]).toEqual([fresh.answer.status, fresh.answer.location]);
    expect(fresh.answer.location).toBe("/register/check-inbox");
  });

  it("is finished with the link and the password, and texts a code to who gave a number", async () => {
    const { emailAddress } = await register({ mobileNumber: "07700 900421" });
    const link = await people.linkTo(emailAddress, "/verify-email");
    const elsewhere = people.admin.stranger();
    expect((await elsewhere.get(link)).status).toBe(200);
    expect((await elsewhere.post(link, { password: "" })).text).toContain("Enter the password that you chose");
    expect((await elsewhere.post(link, { password: "not theirs" })).text).toContain("is not the one that was chosen");
    const confirmed = await elsewhere.post(link, { password: PASSWORD });
    expect(confirmed.location).toBe("/account/second-factors/text/code");
    const code = await people.codeTo("07700 900421");
    expect((await elsewhere.post(confirmed.location ?? "", { code })).location).toBe("/account/second-factors");
    const used = await elsewhere.post(link, { password: PASSWORD });
    expect(used.location).toBe("/sign-in");
  });

  it("leads who gave no number to their services", async () => {
    const { person, emailAddress } = await register();
    const link = await people.linkTo(emailAddress, "/verify-email");
    expect((await person.post(link, { password: PASSWORD })).location).toBe("/services");
  });

  it("sends another link when one has expired, and knows no made-up one", async () => {
    const { person, emailAddress } = await register();
    const link = await people.linkTo(emailAddress, "/verify-email");
    people.world.clock.advance(REGISTRATION_LINK_VALID_MS + 1);
    const late = await person.post(link, { password: PASSWORD });
    expect([late.status, late.text]).toEqual([410, expect.stringContaining("We have emailed you a new one")]);
    const another = await people.linkTo(emailAddress, "/verify-email");
    expect(another).not.toBe(link);
    expect((await person.post(another, { password: PASSWORD })).location).toBe("/services");
    expect((await person.post(`/verify-email/${"x".repeat(43)}`, { password: PASSWORD })).status).toBe(410);
  });
});
