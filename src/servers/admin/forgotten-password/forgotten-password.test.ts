import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type AdminWithPeople, startAdminWithPeople } from "../../../../test/support/admin-people.ts";
import { HERE, PASSWORD } from "../../../../test/support/people.ts";
import { addEmailLinkFactor } from "../../../flow/people/factors.ts";
import { PASSWORD_LINK_VALID_MS } from "../../../flow/people/forgotten-password.ts";

const NEW_PASSWORD = "eleven brown owls at dusk";
let people: AdminWithPeople;
beforeAll(async () => {
  people = await startAdminWithPeople();
});
afterAll(() => people?.close());

async function askedFor() {
  const user = await people.world.user();
  const person = people.admin.stranger();
  await person.post("/forgot-password", { emailAddress: user.emailAddress });
  return { user, person, link: await people.linkTo(user.emailAddress, "/new-password") };
}

describe("a forgotten password", () => {
  it("is answered alike whether there is such an account or not", async () => {
    const user = await people.world.user();
    const person = people.admin.stranger();
    const known = await person.post("/forgot-password", { emailAddress: user.emailAddress });
    const unknown = await person.post("/forgot-password", { emailAddress: "nobody@example.org" });
    expect([known.status, known.location]).toEqual([303, "/forgot-password/check-inbox"]);
    expect([unknown.status, unknown.location]).toEqual([known.status, known.location]);
    expect((await person.post("/forgot-password", { emailAddress: "" })).text).toContain("Enter your email address");
  });

  it("is chosen anew with the link, which signs in and ends sessions elsewhere", async () => {
    const { user, person, link } = await askedFor();
    const elsewhere = await people.signedIn(user);
    expect((await person.get(link)).text).toContain("Create a new password");
    const weak = await person.post(link, { password: "password" });
    expect([weak.status, weak.text]).toEqual([400, expect.stringContaining('href="#password"')]);
    expect((await person.post(link, { password: NEW_PASSWORD })).location).toBe("/services");
    expect([(await person.get("/account")).status, (await elsewhere.get("/account")).status]).toEqual([200, 303]);
    const { emailAddress } = user;
    expect((await people.admin.stranger().post("/sign-in", { emailAddress, password: PASSWORD })).status).toBe(400);
  });

  it("does not stand in for the second factor", async () => {
    const { user, person, link } = await askedFor();
    await addEmailLinkFactor(people.world.people, { userId: user.id, ip: HERE.ip });
    const changed = await person.post(link, { password: NEW_PASSWORD });
    expect(changed.location).toBe("/sign-in/verify?by=email-link&next=%2Fservices");
    expect((await person.get("/account")).status).toBe(303);
  });

  it("cannot be chosen with a link that was used, is late, or is none", async () => {
    const { person, link } = await askedFor();
    await person.post(link, { password: NEW_PASSWORD });
    const late = await askedFor();
    people.world.clock.advance(PASSWORD_LINK_VALID_MS + 1);
    for (const path of [link, late.link, `/new-password/${"x".repeat(43)}`]) {
      const statuses = [(await person.get(path)).status, (await person.post(path, { password: NEW_PASSWORD })).status];
      expect(statuses).toEqual([410, 410]);
    }
  });
});
