import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Person, startAdmin, type TestAdmin } from "../../../../test/support/admin.ts";
import { createPeopleWorld, type PeopleWorld } from "../../../../test/support/people.ts";
import { createOrganisation } from "../../../flow/people/organisations.ts";
import { newId } from "../../../platform/ids.ts";
import { listAudit } from "../../../records/audit/audit-store.ts";
import { findBalance } from "../../../records/balances/balance-store.ts";
import { getChatPrices } from "../../../records/deployment/chat-prices.ts";
import { putOrganisationMember } from "../../../records/organisations/organisation-people-store.ts";
import { listPrices } from "../../../records/prices/price-list-store.ts";
import { replaceCharges } from "../../../records/providers/price-store.ts";
import { insertProvider } from "../../../records/providers/provider-write-store.ts";

const PRICES = "/platform/prices";

let world: PeopleWorld;
let admin: TestAdmin;
let operator: Person;
beforeAll(async () => {
  world = await createPeopleWorld();
  admin = await startAdmin(world.app);
  operator = await admin.person({ isPlatformAdmin: true });
});
afterAll(async () => {
  await admin.close();
  await world.close();
});

const PRICE = {
  prefix: "+372 55",
  network: "",
  label: "Elisa",
  validFrom: "2026-01-01",
  fromFragments: "",
  price: "£0.0310",
};
const lastDeed = async () => (await listAudit(world.app.db, { limit: 1 }))[0];

describe("the price list", () => {
  it("takes prices, changes and removes them, and says in the log what was before", async () => {
    expect((await operator.post(PRICES, PRICE)).location).toBe(PRICES);
    await operator.post(PRICES, { ...PRICE, fromFragments: "10,000", price: "0.029" });
    await operator.post(PRICES, { ...PRICE, price: "0.03" });
    expect(await listPrices(world.app.db)).toEqual([
      { prefix: "37255", validFrom: "2026-01-01", fromFragments: 0, price: "0.03", label: "Elisa" },
      { prefix: "37255", validFrom: "2026-01-01", fromFragments: 10_000, price: "0.029", label: "Elisa" },
    ]);
    expect(await lastDeed()).toMatchObject({
      action: "price.saved",
      before: { price: "0.031" },
      after: { price: "0.03" },
    });
    expect((await operator.get(PRICES)).text).toMatch(/Estonia, Elisa[\s\S]*Holds now[\s\S]*£0\.03/);
    const removal = { prefix: "37255", validFrom: "2026-01-01", fromFragments: "10000" };
    expect((await operator.post(`${PRICES}/removals`, removal)).location).toBe(PRICES);
    expect((await operator.post(`${PRICES}/removals`, removal)).status).toBe(404);
    expect((await operator.post(`${PRICES}/removals`, {})).status).toBe(404);
    expect((await operator.post(`${PRICES}/removals`, { ...removal, fromFragments: "1e99" })).status).toBe(404);
    expect(await listPrices(world.app.db)).toHaveLength(1);
  });

  it("takes prices of one network beside those of all, and removes each alone", async () => {
    const ofNetwork = { ...PRICE, network: "248-02", price: "0.02" };
    await operator.post(PRICES, ofNetwork);
    const listed = async () =>
      (await listPrices(world.app.db)).filter(
        ({ validFrom, fromFragments }) => validFrom === "2026-01-01" && fromFragments === 0,
      );
    expect((await listed()).map(({ network, price }) => [network, price])).toEqual([
      [undefined, "0.03"],
      ["24802", "0.02"],
    ]);
    expect((await operator.get(PRICES)).text).toMatch(/any[\s\S]*24802[\s\S]*Holds now[\s\S]*£0\.02/);
    const removal = { prefix: "37255", network: "24802", validFrom: "2026-01-01", fromFragments: "0" };
    expect((await operator.post(`${PRICES}/removals`, removal)).location).toBe(PRICES);
    expect((await listed()).map(({ network }) => network)).toEqual([undefined]);
  });

  it("has what chat messages cost, by app, which an empty field takes away", async () => {
    const prices = { whatsapp: "£0.050", telegram: "", viber: "", "viber-business": "0.03", "web-push": "" };
    expect((await operator.post(`${PRICES}/chats`, prices)).location).toBe(PRICES);
    expect(await getChatPrices(world.app.db)).toEqual({ whatsapp: "0.05", "viber-business": "0.03" });
    expect((await operator.get(PRICES)).text).toMatch(/id="whatsapp"[^>]*value="0\.05"/);
    const wrong = await operator.post(`${PRICES}/chats`, { ...prices, telegram: "-1" });
    expect([wrong.status, wrong.text]).toEqual([400, expect.stringContaining('href="#telegram"')]);
    await operator.post(`${PRICES}/chats`, { ...prices, whatsapp: "" });
    expect(await getChatPrices(world.app.db)).toEqual({ "viber-business": "0.03" });
    expect(await lastDeed()).toMatchObject({ action: "price.saved", before: { whatsapp: "0.05" } });
  });

  it.each([
    [{ network: "Elisa" }, "network code of 5 or 6 digits"],
    [{ prefix: "999" }, "calling code"],
    [{ prefix: "3725512345" }, "calling code"],
    [{ validFrom: "2026-02-30" }, "Enter a date"],
    [{ fromFragments: "-1" }, "whole number of fragments"],
    [{ price: "0.0000001" }, "up to 6 decimals"],
    [{ price: "" }, "up to 6 decimals"],
  ])("refuses %j and stores nothing", async (change, words) => {
    const before = await listPrices(world.app.db);
    const answer = await operator.post(PRICES, { ...PRICE, ...change });
    expect([answer.status, answer.text.includes(words)]).toEqual([400, true]);
    expect(await listPrices(world.app.db)).toEqual(before);
  });

  it("is held against what providers charge", async () => {
    expect((await operator.get(`${PRICES}/comparison`)).text).toContain("No provider’s prices are known");
    const charged: Record<string, string> = { fen: "0.02", hill: "0.05" };
    for (const [name, price] of Object.entries(charged)) {
      const provider = { id: newId(), name, channel: "sms", kind: "smpp", settings: {}, secrets: {} } as const;
      await world.app.db.transaction(async (tx) => {
        await insertProvider(tx, world.app.keys.master, { ...provider, isSandbox: false, isActive: true });
        await replaceCharges(tx, provider.id, { currency: undefined, prices: { "44": price } });
      });
    }
    const { text } = await operator.get(`${PRICES}/comparison`);
    expect(text).toMatch(/United Kingdom \(44\)[\s\S]*fen: £0\.02, <strong>low<[\s\S]*hill: £0\.05, <strong>high</);
    expect(text).toMatch(/£0\.035[\s\S]*£0\.024[\s\S]*£0\.004/);
  });
});

describe("exchange rates", () => {
  const RATES = `${PRICES}/rates`;

  it("are kept on a page that warns of providers without one, and show in the comparison", async () => {
    const provider = { id: newId(), name: "reef", channel: "sms", kind: "smpp", settings: {}, secrets: {} } as const;
    await world.app.db.transaction(async (tx) => {
      await insertProvider(tx, world.app.keys.master, { ...provider, isSandbox: false, isActive: true });
      await replaceCharges(tx, provider.id, { currency: "EUR", prices: { "44": "0.03", "44 23415": "0.02" } });
    });
    expect((await operator.get(PRICES)).text).toContain(RATES);
    const first = (await operator.get(RATES)).text;
    expect(first).toMatch(/reef charges in EUR, for which no rate holds[\s\S]*There are no rates/);
    expect(first).toContain('<option value="EUR" selected>');
    expect((await operator.get(`${PRICES}/comparison`)).text).toMatch(/reef: €0\.03, <strong>no exchange rate</);
    const rate = { currency: "EUR", validFrom: "2026-01-01", rate: "£0.8500" };
    expect((await operator.post(RATES, rate)).location).toBe(RATES);
    const { text } = await operator.get(RATES);
    expect(text).toMatch(/EUR<\/th>[\s\S]*2026-01-01 <strong class="govuk-tag">Holds now[\s\S]*0\.85</);
    expect(text).not.toContain("for which no rate holds");
    const compared = (await operator.get(`${PRICES}/comparison`)).text;
    expect(compared).toMatch(/United Kingdom \(44\)[\s\S]*reef: €0\.03 \(£0\.0255\)/);
    expect(compared).toMatch(/United Kingdom, network 23415 \(44\)[\s\S]*reef: €0\.02 \(£0\.017\)/);
    const wrong = await operator.post(RATES, { ...rate, rate: "€1" });
    expect([wrong.status, wrong.text.includes("up to 10 decimals")]).toEqual([400, true]);
    const removal = { currency: "EUR", validFrom: "2026-01-01" };
    expect((await operator.post(`${RATES}/removals`, removal)).location).toBe(RATES);
    expect((await operator.post(`${RATES}/removals`, removal)).status).toBe(404);
  });
});

describe("an organisation's balance", () => {
  it("is kept by platform administrators and read by its people", async () => {
    const organisationId = await createOrganisation(
      world.people,
      { userId: operator.userId, ip: undefined },
      "Northwold",
    );
    const member = await admin.person();
    await world.app.db.transaction((tx) =>
      putOrganisationMember(tx, { organisationId, userId: member.userId, mayMakeLive: false }),
    );
    const url = `/orgs/${organisationId}/balance`;
    expect((await member.get(url)).text).toContain("not paid from a balance");
    const rules = { isOn: "yes", creditLimit: "50", lowAt: "20" };
    expect((await operator.post(`${url}/rules`, rules)).location).toBe(url);
    expect(
      (await operator.post(`${url}/entries`, { kind: "top-up", amount: "1,250.5", note: "invoice 7" })).location,
    ).toBe(url);
    const unexplained = await operator.post(`${url}/entries`, { kind: "adjustment", amount: "-0.5", note: "" });
    expect([unexplained.status, unexplained.text.includes("Say why")]).toEqual([400, true]);
    await operator.post(`${url}/entries`, { kind: "adjustment", amount: "-0.5", note: "counted twice" });
    expect(await findBalance(world.app.db, organisationId)).toMatchObject({
      isOn: true,
      available: "1250",
      lowAt: "20",
    });
    expect(await lastDeed()).toMatchObject({ action: "balance.adjustment", before: { available: "1250.5" } });
    const page = (await member.get(url)).text;
    expect(page).toMatch(/£1,250\.00[\s\S]*Adjustment[\s\S]*counted twice[\s\S]*Top-up[\s\S]*invoice 7/);
    expect(page).not.toContain("Enter it");
    expect((await member.post(`${url}/entries`, { kind: "top-up", amount: "9" })).status).toBe(404);
  });
});

describe("a service's budget", () => {
  it("stops texts where the service says so, by the month and by the day", async () => {
    const service = await world.service();
    const manager = await admin.person({ in: service, permissions: ["manage_service"] });
    const url = `/services/${service.id}/settings/budget`;
    const refused = await manager.post(url, { monthly: "", stops: "yes", daily: "" });
    expect([refused.status, refused.text.includes("Enter the budget at which texts stop")]).toEqual([400, true]);
    expect((await manager.post(url, { monthly: "", daily: "1.5" })).status).toBe(400);
    await manager.post(url, { monthly: "1,500", stops: "yes", daily: "90" });
    const { spendLimits } = await world.reload(service);
    expect(spendLimits).toEqual({ month: 1_500, day: 90 });
    const settings = (await manager.get(`/services/${service.id}/settings`)).text;
    expect(settings).toMatch(/£1,500\.00 a month, then texts are refused[\s\S]*No more than £90\.00 a day/);
    await manager.post(url, { monthly: "1,500", daily: "" });
    expect((await world.reload(service)).spendLimits).toEqual({ month: undefined, day: undefined });
  });
});
