import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Person } from "../../../../test/support/admin.ts";
import { type AdminWithPeople, startAdminWithPeople } from "../../../../test/support/admin-people.ts";
import { tryRoute } from "../../../flow/routing/try-route.ts";
import { newId } from "../../../platform/ids.ts";
import { listAudit } from "../../../records/audit/audit-store.ts";
import { listCountryRules, putCountryRule } from "../../../records/senders/country-rule-store.ts";
import { findApplication } from "../../../records/senders/sender-application-store.ts";

const APPLICATIONS = "/platform/senders/applications";
const ANSWERS = {
  ...{ organisationName: "Northwold Council", registerNumber: "GB 123", website: "https://northwold.example" },
  ...{ purpose: "Appointments", example: "Dear Ann Other, see you on Monday", monthlyTexts: "5,000" },
};

let stage: AdminWithPeople;
let operator: Person;
beforeAll(async () => {
  stage = await startAdminWithPeople();
  operator = await stage.admin.person({ isPlatformAdmin: true });
  const rule = { senderTypes: "alphanumeric", registeredOnly: "yes", requirements: "A letter of the council" };
  await operator.post("/platform/senders/countries/372", rule);
});
afterAll(() => stage?.close());

async function place() {
  const service = await stage.world.service({ name: `Parks ${newId().slice(-6)}`, textSender: "Parks" });
  const manager = await stage.admin.person({ in: service, permissions: ["manage_service"] });
  const path = `/services/${service.id}/settings/text-senders`;
  const senderId = service.textSenders[0]?.id ?? "";
  return { service, manager, path, senderId, form: `${path}/${senderId}/registration/372` };
}

async function applied() {
  const at = await place();
  const own = (await at.manager.post(at.form, ANSWERS)).location ?? "";
  const id = own.split("/").at(-1) ?? "";
  const move = (to: string, more: Record<string, string> = {}) =>
    operator.post(`${APPLICATIONS}/${id}`, { to, ...more });
  const state = async () => (await findApplication(stage.world.app.db, id))?.state;
  return { ...at, own, id, move, state };
}

const SENT = { carrier: "Northline", reference: "R-17" };

describe("an application for a country", () => {
  it("is handed in, sent to the networks and registered, and texts go by it at once", async () => {
    const { service, manager, form, path, own, id, move, state } = await applied();
    expect((await manager.get(form)).text).toContain("A letter of the council");
    const [asked] = await stage.world.mailTo(operator.emailAddress);
    expect(asked?.subject).toBe(`${service.name} asks to have Parks registered in Estonia`);
    expect(asked?.body).not.toContain("Ann Other");
    expect((await operator.get(APPLICATIONS)).text).toContain(service.name);
    expect((await operator.get(`${APPLICATIONS}/${id}`)).text).toContain("Ann Other");
    expect((await move("registered")).status).toBe(400);
    expect((await move("sent")).text).toContain("Enter the carrier or network it was sent to");
    expect((await move("sent", SENT)).status).toBe(303);
    expect((await manager.get(own)).text).toContain("Northline; R-17");
    expect((await manager.get(path)).text).toContain("With the networks");
    const chosen = async () =>
      (await tryRoute(stage.world.app, { number: "+372 5123 4567", service: service.id })).sender;
    expect((await chosen())?.kind).toBe("not-in-country");
    expect((await move("registered")).status).toBe(303);
    expect(await state()).toBe("registered");
    expect((await stage.world.reload(service)).textSenders[0]?.registeredCountries).toEqual(["372"]);
    expect(await chosen()).toMatchObject({ sender: "Parks" });
    expect((await stage.world.mailTo(manager.emailAddress))[0]?.subject).toBe("Parks is registered in Estonia");
    const again = await manager.post(form, ANSWERS);
    expect([again.status, again.text]).toEqual([400, expect.stringContaining("registered there already")]);
    const audit = await listAudit(stage.world.app.db, { serviceId: service.id, limit: 20 });
    expect(audit.find(({ action }) => action === "sender-application.sent")?.after).toEqual({
      ...{ application: id, state: "sent", reference: "R-17" },
    });
    expect(JSON.stringify(audit)).not.toMatch(/Ann Other|Northwold Council/);
  });

  it("goes back to its service, which mends it and hands it in again", async () => {
    const { manager, own, move, state } = await applied();
    expect((await manager.post(own, ANSWERS)).status).toBe(400);
    expect((await move("more-wanted")).text).toContain("Enter what is missing");
    await move("more-wanted", { words: "Your number in the register" });
    expect((await stage.world.mailTo(manager.emailAddress))[0]?.body).toContain("Your number in the register");
    expect((await manager.get(own)).text).toContain("Hand in again");
    expect((await manager.post(own, { ...ANSWERS, purpose: "" })).status).toBe(400);
    expect(await state()).toBe("more-wanted");
    expect((await manager.post(own, { ...ANSWERS, registerNumber: "GB 999" })).status).toBe(303);
    expect(await state()).toBe("asked");
    expect((await manager.get(own)).text).toContain("GB 999");
  });

  it("is refused with a reason, and can then be made again", async () => {
    const { manager, form, move, state } = await applied();
    expect((await move("refused")).text).toContain("Enter the reason");
    await move("refused", { words: "Names are not taken" });
    expect(await state()).toBe("refused");
    expect((await stage.world.mailTo(manager.emailAddress))[0]?.body).toContain("Names are not taken");
    expect((await move("sent", SENT)).status).toBe(400);
    expect((await manager.post(form, ANSWERS)).status).toBe(303);
  });

  it("is one at a time for a sender and a country, and can be taken back", async () => {
    const { manager, form, own, move, state } = await applied();
    const twice = await manager.post(form, ANSWERS);
    expect([twice.status, twice.text]).toEqual([
      400,
      expect.stringContaining("There is an application of this sender"),
    ]);
    expect((await manager.post(`${own}/withdrawal`)).status).toBe(303);
    expect(await state()).toBe("withdrawn");
    expect((await manager.post(`${own}/withdrawal`)).status).toBe(400);
    expect((await move("sent", SENT)).status).toBe(400);
  });

  it("is moved by one of two administrators who do it at once", async () => {
    const { move } = await applied();
    const twice = await Promise.all([move("sent", SENT), move("sent", SENT)]);
    expect(twice.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([303, 400]);
  });

  it("ends when its sender is called something else, or goes", async () => {
    const renamed = await applied();
    await renamed.manager.post(`${renamed.path}/${renamed.senderId}`, { sender: "Parks", isDefault: "yes" });
    expect(await renamed.state()).toBe("asked");
    await renamed.manager.post(`${renamed.path}/${renamed.senderId}`, { sender: "Gardens", isDefault: "yes" });
    expect(await renamed.state()).toBe("closed");
    const removed = await applied();
    await removed.manager.post(`${removed.path}/${removed.senderId}/remove`);
    expect(await removed.state()).toBe("closed");
    expect((await removed.manager.get(removed.own)).text).toContain("Ended: the sender was removed");
  });

  it.each([
    [{ organisationName: " " }, "Enter the registered name"],
    [{ website: "http://northwold.example" }, "begins with https://"],
    [{ purpose: "" }, "Enter what the texts are for"],
    [{ example: "" }, "Enter an example"],
    [{ monthlyTexts: "many" }, "Enter a whole number"],
    [{ monthlyTexts: "0" }, "Enter a whole number"],
    [{ purpose: "x".repeat(2_001) }, "2000 characters or fewer"],
  ])("is not taken with %j", async (wrong, message) => {
    const { manager, form } = await place();
    const answer = await manager.post(form, { ...ANSWERS, ...wrong });
    expect([answer.status, answer.text]).toEqual([400, expect.stringContaining(message)]);
  });

  it("is no business of another service, nor of those who do not manage it", async () => {
    const { service, own, path, form, id } = await applied();
    const stranger = await place();
    expect((await stranger.manager.get(own.replace(path, stranger.path))).status).toBe(404);
    expect((await stranger.manager.post(form.replace(path, stranger.path), ANSWERS)).status).toBe(404);
    const sender = await stage.admin.person({ in: service, permissions: ["send_messages"] });
    expect((await sender.get(own)).status).toBe(403);
    expect((await sender.get(`${APPLICATIONS}/${id}`)).status).not.toBe(200);
    expect((await stranger.manager.get(form.replace("372", "999").replace(path, stranger.path))).status).toBe(404);
  });

  it("keeps what was written about the country when the rule is put from elsewhere", async () => {
    const known = async () =>
      (await listCountryRules(stage.world.app.db)).find(({ countryPrefix }) => countryPrefix === "372");
    const rule = { countryPrefix: "372", senderTypes: ["alphanumeric"], registeredOnly: true } as const;
    await stage.world.app.db.transaction((tx) => putCountryRule(tx, { ...rule, needsSignature: true }));
    expect(await known()).toMatchObject({ needsSignature: true, requirements: "A letter of the council" });
    const long = { ...rule, requirements: "x".repeat(2_001) };
    const answer = await operator.post("/platform/senders/countries/372", { ...long, registeredOnly: "yes" });
    expect([answer.status, answer.text]).toEqual([400, expect.stringContaining("2000 characters or fewer")]);
  });
});
