import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Person } from "../../../../test/support/admin.ts";
import { type AdminWithPeople, startAdminWithPeople } from "../../../../test/support/admin-people.ts";
import type { ServiceWish, WorldService } from "../../../../test/support/world.ts";
import { newId } from "../../../platform/ids.ts";
import { listAudit } from "../../../records/audit/audit-store.ts";
import { insertOrganisation } from "../../../records/organisations/organisation-store.ts";
import { listCountryRules } from "../../../records/senders/country-rule-store.ts";
import { listProtectedNames } from "../../../records/senders/protected-name-store.ts";
import { listOpenSenderRequests } from "../../../records/senders/sender-request-store.ts";
import { listSharedSenders } from "../../../records/senders/shared-sender-store.ts";
import { setOrganisation } from "../../../records/services/service-life-store.ts";

const SENDERS = "/platform/senders";
let stage: AdminWithPeople;
let operator: Person;
beforeAll(async () => {
  stage = await startAdminWithPeople();
  operator = await stage.admin.person({ isPlatformAdmin: true });
});
afterAll(() => stage?.close());

const sendersOf = async (service: WorldService) =>
  (await stage.world.reload(service)).textSenders.map(({ sender, isDefault }) => [sender, isDefault]);

async function place(wish: ServiceWish = {}) {
  const service = await stage.world.service({ name: `Parks ${newId().slice(-6)}`, textSender: "Parks", ...wish });
  const manager = await stage.admin.person({ in: service, permissions: ["manage_service"] });
  return { service, manager, path: `/services/${service.id}/settings/text-senders` };
}

async function organisationWith(services: readonly WorldService[]): Promise<string> {
  const id = newId();
  await stage.world.app.db.transaction(async (tx) => {
    await insertOrganisation(tx, { id, name: `Council ${id.slice(-6)}` });
    for (const service of services) await setOrganisation(tx, service.id, id);
  });
  return id;
}

async function asksFor(manager: Person, path: string, sender: string): Promise<string> {
  const answer = await manager.post(path, { sender });
  expect(answer.status).toBe(303);
  const request = (await listOpenSenderRequests(stage.world.app.db)).find((one) => one.sender === sender);
  return request?.id ?? "";
}

describe("approval of senders", () => {
  it("is off until it is switched on, and then keeps a new sender from use until somebody approves it", async () => {
    const { service, manager, path } = await place();
    await manager.post(`${path}/add`, { sender: "At once" });
    await operator.post(`${SENDERS}/approval`, { choice: "all" });
    expect((await manager.get(`${path}/add`)).text).toContain("looked at before it is used");
    const id = await asksFor(manager, `${path}/add`, "Later");
    expect(await sendersOf(service)).toEqual([
      ["Parks", true],
      ["At once", false],
    ]);
    expect((await manager.get(path)).text).toMatch(/Later<\/strong>: waits for approval/);
    const twice = await manager.post(`${path}/add`, { sender: "Later" });
    expect([twice.status, twice.text]).toEqual([400, expect.stringContaining("There is this sender already")]);
    const [told] = await stage.world.mailTo(operator.emailAddress);
    expect(told?.subject).toContain("asks to send texts as Later");
    expect((await operator.get(SENDERS)).text).toContain("Later");
    expect((await operator.get(`${SENDERS}/requests/${id}`)).text).toContain(service.name);
    await operator.post(`${SENDERS}/requests/${id}`, { decision: "approve", reason: "" });
    expect(await sendersOf(service)).toContainEqual(["Later", false]);
    expect((await stage.world.mailTo(manager.emailAddress))[0]?.subject).toContain("can send texts as Later");
    const again = await operator.post(`${SENDERS}/requests/${id}`, { decision: "refuse", reason: "Late" });
    expect([again.status, again.text]).toEqual([400, expect.stringContaining("decided before")]);
    const actions = (await listAudit(stage.world.app.db, { limit: 9 })).map(({ action }) => action);
    expect(actions).toEqual(expect.arrayContaining(["text-sender.approved", "text-sender.requested"]));
  });

  it("refuses with a reason, which the service's managers get and see until they put it away", async () => {
    const { service, manager, path } = await place();
    const id = await asksFor(manager, `${path}/add`, "Unlikely");
    const bare = await operator.post(`${SENDERS}/requests/${id}`, { decision: "refuse", reason: " " });
    expect([bare.status, bare.text]).toEqual([400, expect.stringContaining("Enter the reason")]);
    await operator.post(`${SENDERS}/requests/${id}`, { decision: "refuse", reason: "It says nothing of you" });
    expect(await sendersOf(service)).toEqual([["Parks", true]]);
    const [told] = await stage.world.mailTo(manager.emailAddress);
    expect(told?.body).toContain("It says nothing of you");
    expect((await manager.get(path)).text).toContain("was refused. It says nothing of you");
    await manager.post(`${path}/requests/${id}/withdrawal`);
    expect((await manager.get(path)).text).not.toContain("Unlikely");
  });

  it("of another name keeps the old in use, and then the id", async () => {
    const { service, manager, path } = await place();
    const id = service.textSenders[0]?.id;
    const request = await asksFor(manager, `${path}/${id}`, "New name");
    expect(await sendersOf(service)).toEqual([["Parks", true]]);
    await operator.post(`${SENDERS}/requests/${request}`, { decision: "approve" });
    expect((await stage.world.reload(service)).textSenders).toMatchObject([
      { id, sender: "New name", isDefault: true },
    ]);
    await operator.post(`${SENDERS}/approval`, { choice: "none" });
  });
});

describe("a phone number as a sender", () => {
  it("waits for approval unless it receives the service's texts, or the platform asks for none", async () => {
    const { service, manager, path } = await place();
    expect((await operator.post(`${SENDERS}/approval`, { choice: "some" })).status).toBe(400);
    await operator.post(`${SENDERS}/approval`, { choice: "unproven-numbers" });
    expect((await manager.get(`${path}/add`)).text).toContain(
      "does not receive your service’s texts is proved by a code, or looked at",
    );
    await manager.post(`${path}/add`, { sender: "Plain" });
    await asksFor(manager, `${path}/add`, "07700900321");
    expect(await sendersOf(service)).toEqual([
      ["Parks", true],
      ["Plain", false],
    ]);
    await stage.world.inboundNumber(service, "07700900654");
    await manager.post(`${path}/add`, { sender: "+447700900654" });
    await operator.post(`${SENDERS}/approval`, { choice: "none" });
    await manager.post(`${path}/add`, { sender: "07700900987" });
    const senders = (await sendersOf(service)).map(([sender]) => String(sender).slice(-6));
    expect(senders.toSorted()).toEqual(["900654", "900987", "Parks", "Plain"].toSorted());
  });
});

describe("protected names", () => {
  it("are refused to all who look like them, but for those who may", async () => {
    const [bank, stranger] = [await place(), await place()];
    const form = { name: "Fenbank", services: bank.service.name, organisations: "", coversLonger: "yes" };
    expect((await operator.post(`${SENDERS}/names/new`, form)).location).toBe(`${SENDERS}/names`);
    expect((await operator.get(`${SENDERS}/names`)).text).toContain(bank.service.name);
    const refused = await stranger.manager.post(`${stranger.path}/add`, { sender: "FEN-8ank 1" });
    expect([refused.status, refused.text]).toEqual([400, expect.stringContaining("This looks like “Fenbank”")]);
    await bank.manager.post(`${bank.path}/add`, { sender: "Fenbank" });
    expect(await sendersOf(bank.service)).toContainEqual(["Fenbank", false]);
  });

  it("are told apart from senders that were there before, which go on, with whose they are", async () => {
    const [early, theirs] = [await place(), await place()];
    await early.manager.post(`${early.path}/add`, { sender: "Marsh-8ank" });
    await theirs.manager.post(`${theirs.path}/add`, { sender: "Marshbank" });
    const form = { name: "Marshbank", services: theirs.service.name, organisations: "", coversLonger: "" };
    await operator.post(`${SENDERS}/names/new`, form);
    const { text } = await operator.get(`${SENDERS}/names`);
    expect(text).toContain("1 sender in use looks like it");
    expect(text).toContain(`Looks like it: Marsh-8ank, of ${early.service.name}`);
    expect(text).not.toContain(`Looks like it: Marshbank`);
    expect(await sendersOf(early.service)).toContainEqual(["Marsh-8ank", false]);
    const one = (await listProtectedNames(stage.world.app.db)).find(({ name }) => name === "Marshbank");
    await operator.post(`${SENDERS}/names/${one?.id}/removal`);
  });

  it("are entered with care", async () => {
    const post = async (form: Record<string, string>) => (await operator.post(`${SENDERS}/names/new`, form)).text;
    expect(await post({ name: "!" })).toContain("Enter a name of 2 to 60 letters and digits");
    expect(await post({ name: "ABC", coversLonger: "yes" })).toContain("must have 4 letters or more");
    expect(await post({ name: "Fenbank" })).toContain("protected already");
    expect(await post({ name: "Other", services: "Nobody" })).toContain("There is no service “Nobody”");
    const [one] = await listProtectedNames(stage.world.app.db);
    await operator.post(`${SENDERS}/names/${one?.id}/removal`);
    expect(await listProtectedNames(stage.world.app.db)).toEqual([]);
  });
});

describe("rules of countries", () => {
  it("begin with what the table of rates knows, and are known to services at once", async () => {
    const chosen = await operator.post(`${SENDERS}/countries/new`, { country: "32" });
    expect(chosen.location).toBe(`${SENDERS}/countries/32`);
    expect((await operator.get(`${SENDERS}/countries/32`)).text).toContain("table of rates");
    const none = await operator.post(`${SENDERS}/countries/32`, {});
    expect([none.status, none.text]).toEqual([400, expect.stringContaining("Choose at least one type")]);
    await operator.post(`${SENDERS}/countries/32`, {
      senderTypes: ["long-number", "short-code"],
      needsSignature: "yes",
    });
    expect((await operator.get(`${SENDERS}/countries`)).text).toContain("Belgium (+32)");
    const { service } = await place();
    expect(service.senderRules.get("32")).toMatchObject({ senderTypes: ["long-number", "short-code"] });
    await operator.post(`${SENDERS}/countries/32/removal`);
    expect(await listCountryRules(stage.world.app.db)).toEqual([]);
    expect((await operator.get(`${SENDERS}/countries/999`)).status).toBe(404);
  });

  it("need to know where a sender is registered", async () => {
    const { service, manager, path } = await place();
    const one = `${SENDERS}/registrations/${service.textSenders[0]?.id}`;
    const wrong = await operator.post(one, { countries: "33, 999" });
    expect([wrong.status, wrong.text]).toEqual([400, expect.stringContaining("“999” is not a country")]);
    await operator.post(one, { countries: "+33, 372" });
    expect((await stage.world.reload(service)).textSenders[0]?.registeredCountries).toEqual(["33", "372"]);
    expect((await operator.get(`${SENDERS}/registrations?sender=park`)).text).toContain("Estonia (+372)");
    expect((await manager.get(path)).text).toContain("Registered in France");
    await manager.post(`${path}/${service.textSenders[0]?.id}`, { sender: "Greens" });
    expect((await stage.world.reload(service)).textSenders[0]?.registeredCountries).toEqual([]);
  });
});

describe("shared senders", () => {
  it("are used by those services of their organisation that may, and by nobody else", async () => {
    const [lending, parking, stranger] = [await place(), await place(), await place()];
    const organisationId = await organisationWith([lending.service, parking.service]);
    await organisationWith([stranger.service]);
    const made = await operator.post(`${SENDERS}/shared/new`, { sender: "60006", organisationId });
    const one = made.location ?? "";
    expect((await operator.get(one)).text).not.toContain(stranger.service.name);
    const elsewhere = await operator.post(one, { serviceIds: stranger.service.id, countries: "" });
    expect([elsewhere.status, elsewhere.text]).toEqual([400, expect.stringContaining("services of the organisation")]);
    await operator.post(one, { serviceIds: lending.service.id, countries: "353" });
    expect(await sendersOf(lending.service)).toContainEqual(["60006", false]);
    expect(await sendersOf(parking.service)).not.toContainEqual(["60006", false]);
    const taken = await stranger.manager.post(`${stranger.path}/add`, { sender: "60006" });
    expect([taken.status, taken.text]).toEqual([400, expect.stringContaining("Another organisation uses this")]);

    const shared = (await stage.world.reload(lending.service)).textSenders.find(({ isShared }) => isShared);
    expect(shared?.registeredCountries).toEqual(["353"]);
    await lending.manager.post(`${lending.path}/${shared?.id}`, { isDefault: "yes", sender: "" });
    expect(await sendersOf(lending.service)).toContainEqual(["60006", true]);
    const kept = await lending.manager.post(`${lending.path}/${shared?.id}/remove`);
    expect([kept.status, kept.text]).toEqual([400, expect.stringContaining("Your organisation shares this sender")]);

    await stage.world.app.db.transaction((tx) => setOrganisation(tx, lending.service.id, undefined));
    expect(await sendersOf(lending.service)).toEqual([["Parks", false]]);
    await operator.post(`${one}/removal`);
    expect(await listSharedSenders(stage.world.app.db)).toEqual([]);
  });

  it("take over what a service had set up under the same name, with its id", async () => {
    const { service } = await place();
    const organisationId = await organisationWith([service]);
    const one = (await operator.post(`${SENDERS}/shared/new`, { sender: "Parks", organisationId })).location ?? "";
    await operator.post(one, { serviceIds: service.id, countries: "" });
    const { textSenders } = await stage.world.reload(service);
    expect(textSenders).toMatchObject([{ id: service.textSenders[0]?.id, isShared: true, isDefault: true }]);
  });
});

describe("groups of senders", () => {
  it("are made of a service's own, and keep their senders from being removed", async () => {
    const { service, manager, path } = await place();
    await manager.post(`${path}/add`, { sender: "07700900321" });
    const ids = (await stage.world.reload(service)).textSenders.map(({ id }) => id);
    const few = await manager.post(`${path}/groups/new`, { name: "Both", senderIds: ids.slice(1) });
    expect([few.status, few.text]).toEqual([400, expect.stringContaining("Choose 2 to 20 senders")]);
    await manager.post(`${path}/groups/new`, { name: "Both", senderIds: ids, isSticky: "yes", isDefault: "yes" });
    const [pool] = (await stage.world.reload(service)).senderPools;
    expect(pool).toMatchObject({ name: "Both", senderIds: ids, isSticky: true, isDefault: true });
    const list = (await manager.get(path)).text;
    expect(list).toContain(`data-copy="${pool?.id}"`);
    const kept = await manager.post(`${path}/${ids[1]}/remove`);
    expect([kept.status, kept.text]).toEqual([400, expect.stringContaining("Take it out of the group “Both” first")]);
    await manager.post(`${path}/groups/${pool?.id}`, { name: "Two", senderIds: ids });
    expect((await stage.world.reload(service)).senderPools).toMatchObject([{ name: "Two", isDefault: false }]);
    await manager.post(`${path}/groups/${pool?.id}/removal`);
    expect((await stage.world.reload(service)).senderPools).toEqual([]);
  });
});

describe("a phone number as a sender that waits", () => {
  async function waiting(sender: string) {
    const { service, manager, path } = await place();
    await operator.post(`${SENDERS}/approval`, { choice: "unproven-numbers" });
    const id = await asksFor(manager, `${path}/add`, sender);
    return { service, manager, path, request: `${path}/requests/${id}` };
  }

  it("is used once the code that is texted to it is given back", async () => {
    const { service, manager, path, request } = await waiting("07700900411");
    expect((await manager.get(path)).text).toContain(`${request}/code`);
    expect((await manager.get(`${request}/code`)).text).toContain("Prove that 07700900411 is yours");
    expect((await manager.post(`${request}/proof`, { code: "12345" })).text).toContain("have another one sent");
    expect((await manager.post(`${request}/code`)).location).toBe(`${request}/proof`);
    const [text] = await stage.world.mailTo("07700900411");
    expect(text?.body).toContain(`lets ${service.name} send texts`);
    const code = await stage.codeTo("07700900411");
    const wrong = await manager.post(`${request}/proof`, { code: code === "11111" ? "22222" : "11111" });
    expect([wrong.status, wrong.text]).toEqual([400, expect.stringContaining("not the one we sent last")]);
    expect((await manager.post(`${request}/proof`, { code })).location).toBe(path);
    expect(await sendersOf(service)).toContainEqual(["07700900411", false]);
    expect((await operator.get(SENDERS)).text).toContain("Proved by a code");
    expect((await manager.get(`${request}/proof`)).status).toBe(404);
    const [entry] = await listAudit(stage.world.app.db, { serviceId: service.id, limit: 1 });
    expect(entry).toMatchObject({ action: "text-sender.proven", subject: "07700900411" });
  });

  it("gets three codes in an hour, whoever asks", async () => {
    const { manager, path, request } = await waiting("07700900413");
    for (let codes = 0; codes < 3; codes++) expect((await manager.post(`${request}/code`)).status).toBe(303);
    expect((await manager.post(`${request}/code`)).text).toContain("Too many tries in a short time");
    const written = await asksFor(manager, `${path}/add`, "+447700900413");
    expect((await manager.post(`${path}/requests/${written}/code`)).text).toContain("Too many tries in a short time");
    expect(await stage.world.mailTo("07700900413")).toHaveLength(3);
  });

  it("is for a person to look at where all senders are, and no business of another service", async () => {
    const { manager, path, request } = await waiting("07700900414");
    const stranger = await place();
    const theirs = request.replace(path, stranger.path);
    expect((await stranger.manager.get(`${theirs}/code`)).status).toBe(404);
    expect((await stranger.manager.post(`${theirs}/code`)).status).toBe(404);
    await operator.post(`${SENDERS}/approval`, { choice: "all" });
    expect((await manager.get(path)).text).not.toContain(`${request}/code`);
    expect((await manager.post(`${request}/code`)).status).toBe(404);
    await operator.post(`${SENDERS}/approval`, { choice: "none" });
  });

  it("is not proved by guessing, nor by the code before the last, nor by an old one", async () => {
    const { service, manager, request } = await waiting("07700900412");
    await manager.post(`${request}/code`);
    const first = await stage.codeTo("07700900412");
    const wrong = first === "11111" ? "22222" : "11111";
    for (let tries = 0; tries < 5; tries++) await manager.post(`${request}/proof`, { code: wrong });
    expect((await manager.post(`${request}/proof`, { code: first })).text).toContain("No code works any more");
    await manager.post(`${request}/code`);
    stage.world.clock.advance(31 * 60_000);
    const late = await stage.codeTo("07700900412");
    // Half an hour ends a session, too.
    const again = await stage.admin.person({ in: service, permissions: ["manage_service"] });
    expect((await again.post(`${request}/proof`, { code: late })).text).toContain("No code works any more");
    expect(await sendersOf(service)).toEqual([["Parks", true]]);
  });
});
