import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { type Person, startAdmin, type TestAdmin } from "../../../../test/support/admin.ts";
import { startApi, type TestApi } from "../../../../test/support/api.ts";
import { createPeopleWorld, type PeopleWorld } from "../../../../test/support/people.ts";
import { applyDeclaration } from "../../../cli/apply/apply.ts";
import { readDeclaration } from "../../../cli/apply/declaration.ts";
import { parseFile } from "../../../cli/apply/parse-file.ts";
import { exportDeclaration } from "../../../cli/export.ts";
import { financialYearOf } from "../../../core/calendar/financial-year.ts";
import { dayOf } from "../../../core/calendar/home-day.ts";
import { decimalText } from "../../../core/price/decimal.ts";
import { topUp } from "../../../flow/money/balance.ts";
import { createOrganisation } from "../../../flow/people/organisations.ts";
import { countHours } from "../../../flow/statistics/count-hours.ts";
import { readUsage } from "../../../flow/statistics/read-usage.ts";
import { listAudit } from "../../../records/audit/audit-store.ts";
import { getHomeMoney } from "../../../records/deployment/home-money.ts";

const CURRENCY = "/platform/settings/currency";
const HOUR_MS = 3_600_000;

let world: PeopleWorld;
let admin: TestAdmin;
let api: TestApi;
let operator: Person;
beforeAll(async () => {
  world = await createPeopleWorld();
  admin = await startAdmin(world.app);
  api = await startApi(world.app);
  operator = await admin.person({ isPlatformAdmin: true });
});
afterAll(async () => {
  await api.close();
  await admin.close();
  await world.close();
});

const home = async () => {
  const { currency, pound } = await getHomeMoney(world.app.db);
  return `${currency} ${decimalText(pound)}`;
};

async function apply(text: string) {
  const declaration = readDeclaration(parseFile(text, { name: "money.yaml", environment: {} }));
  const options = { declaration, actor: "pennypost apply", prunes: false, isDryRun: false };
  return applyDeclaration(world.app.db, world.app.keys, options);
}

describe("the currency", () => {
  it("is pounds until somebody says otherwise", async () => {
    expect(await home()).toBe("GBP 1.0");
    expect((await operator.get("/platform/settings")).text).toMatch(/Currency<\/dt>\s*<dd[^>]*>GBP</);
    expect((await operator.get(CURRENCY)).text).toContain('<option value="GBP" selected>GBP: British Pound</option>');
  });

  it.each([
    [{ currency: "XYZ", pound: "1" }, "three letters of a currency"],
    [{ currency: "EUR", pound: "" }, "Enter what one pound is in it"],
    [{ currency: "EUR", pound: "0.0" }, "Enter what one pound is in it"],
    [{ currency: "EUR", pound: "1.1234567" }, "Enter what one pound is in it"],
  ])("is refused as %j, and stays", async (form, words) => {
    const answer = await operator.post(CURRENCY, form);
    expect([answer.status, answer.text.includes(words)]).toEqual([400, true]);
    expect(await home()).toBe("GBP 1.0");
  });

  it("is not changed while there are amounts that would mean something else", async () => {
    await operator.post("/platform/prices", {
      ...{ prefix: "372", network: "", label: "", validFrom: "2026-01-01", fromFragments: "", price: "£0.04" },
    });
    const service = await world.service({});
    await world.app.db.query`update services set monthly_budget = 5 where id = ${service.id}`;
    const answer = await operator.post(CURRENCY, { currency: "EUR", pound: "1.15" });
    expect(answer.status).toBe(400);
    expect(answer.text).toContain("Remove these first: prices of texts or chat messages, budgets");
    await expect(apply("installation: { currency: EUR, pound: '1.15' }")).rejects.toThrow(
      "cannot be changed. There are",
    );
    expect(await home()).toBe("GBP 1.0");
    await world.app.db.query`delete from prices`;
    await world.app.db.query`update services set monthly_budget = null where id = ${service.id}`;
  });

  it("comes from a file, goes back into one, and changes nothing twice", async () => {
    await expect(apply("installation: { currency: EUR }")).rejects.toThrow("must say what one pound is");
    await expect(apply("installation: { pound: '1.15' }")).rejects.toThrow("needs a currency");
    await expect(apply("installation: { currency: Euro, pound: '1' }")).rejects.toThrow("three letters");
    expect((await apply("installation: { currency: SEK, pound: '13.2' }")).changes).toMatchObject([
      { kind: "installation", before: { currency: "GBP" }, after: { currency: "SEK", pound: "13.2" } },
    ]);
    const { declaration } = await exportDeclaration(world.app.db, world.app.keys);
    expect(declaration["installation"]).toMatchObject({ currency: "SEK", pound: "13.2" });
    expect((await apply(stringify({ installation: declaration["installation"] }))).changes).toEqual([]);
    expect((await apply("installation: { currency: SEK }")).changes).toEqual([]);
  });
});

describe("an installation that charges in euros", () => {
  it("says so of every amount, from the price of a text to what was used, and keeps the currency", async () => {
    expect((await operator.post(CURRENCY, { currency: "EUR", pound: "1.15" })).location).toBe("/platform/settings");
    expect((await listAudit(world.app.db, { limit: 1 }))[0]).toMatchObject({
      action: "deployment.currency-changed",
      after: { currency: "EUR", pound: "1.15" },
    });
    const service = await world.service({ permissions: ["sms", "international_sms"], prefixesTexts: false });
    const template = await world.template(service, { body: "Hello" });
    const send = (to: string) =>
      api.post(
        "/v2/notifications/sms",
        { phone_number: to, template_id: template.templateId },
        { as: service, with: "live" },
      );
    const [atHome, abroad] = [await send("07900900123"), await send("+37251234567")];
    const sent = await world.app.db.query<{ unitPrice: string; rateMultiplier: number }>`
      select trim_scale(n.unit_price)::text as unit_price, n.rate_multiplier from notifications n where n.service_id = ${service.id} order by n.id`;
    const [first, second] = sent;
    expect([first?.unitPrice, second?.unitPrice]).toEqual(["0.0276", String(0.0276 * (second?.rateMultiplier ?? 0))]);
    await world.app.db
      .query`update notifications set status = 'delivered', attempts = 1 where service_id = ${service.id}`;
    const shown = await api.get(`/v2/notifications/${atHome.json.id}`, { as: service });
    expect(shown.json).toMatchObject({ cost_in_pounds: null, cost: 0.0276, currency: "EUR", is_cost_data_ready: true });
    expect(abroad.status).toBe(201);
    const estimate = await api.post(
      "/v2/price-estimates",
      { recipients: ["07900900123"], body: "Hello" },
      { as: service },
    );
    expect(estimate.json).toMatchObject({ currency: "EUR", total: 0.0276 });

    const year = financialYearOf(dayOf(world.clock.now()));
    world.clock.advance(3 * HOUR_MS);
    await countHours(world.app);
    operator = await admin.person({ isPlatformAdmin: true });
    const usage = await readUsage(world.app, service.id, year);
    expect(Number(usage.cost)).toBeCloseTo(0.0276 * (1 + (second?.rateMultiplier ?? 0)), 9);
    expect((await operator.get(`/services/${service.id}/usage?year=${year}`)).text).toContain("€");
    expect((await operator.get("/platform/prices")).text).toMatch(/govuk-input__prefix[^>]*>€</);

    const again = await operator.post(CURRENCY, { currency: "GBP", pound: "" });
    expect([again.status, again.text.includes("Messages have been charged in EUR")]).toEqual([400, true]);
    await expect(apply("installation: { currency: GBP }")).rejects.toThrow("have been charged in EUR");
    expect(await home()).toBe("EUR 1.15");
  });

  it("refuses in its own currency what is not paid for", async () => {
    const actor = { userId: operator.userId, ip: undefined };
    const organisationId = await createOrganisation(world.people, actor, `Northwold ${randomUUID().slice(0, 8)}`);
    const url = `/orgs/${organisationId}/balance`;
    await operator.post(`${url}/rules`, { isOn: "yes", creditLimit: "", lowAt: "" });
    expect((await operator.post(`${url}/entries`, { kind: "top-up", amount: "£1", note: "" })).status).toBe(400);
    expect((await operator.post(`${url}/entries`, { kind: "top-up", amount: "€0.02", note: "" })).location).toBe(url);
    await expect(topUp(world.app, actor, { organisationId, amount: "€1", note: "" })).rejects.toThrow(
      "Enter an amount",
    );
    const service = await world.service({ prefixesTexts: false });
    await world.app.db.query`update services set organisation_id = ${organisationId} where id = ${service.id}`;
    world.app.services.forget(service.id);
    const template = await world.template(service, { body: "Hello" });
    const body = { phone_number: "07900900123", template_id: template.templateId };
    const refused = await api.post("/v2/notifications/sms", body, { as: service, with: "live" });
    expect(refused.json.errors[0].message).toContain("which costs €0.0276");
    expect((await api.get("/v2/balance", { as: service })).json).toMatchObject({ currency: "EUR", available: 0.02 });
  });
});
