import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startApi, type TestApi } from "../../../test/support/api.ts";
import { createWorld, type World, type WorldService } from "../../../test/support/world.ts";
import { noTimes } from "../../core/quality/histogram.ts";
import { putPrice } from "../../records/prices/price-list-store.ts";
import { RECIPIENTS_MAX } from "./estimate-prices.ts";

let world: World;
let api: TestApi;
let service: WorldService;
let templateId: string;
beforeAll(async () => {
  world = await createWorld();
  api = await startApi(world.app);
  service = await world.service({ permissions: ["sms", "international_sms"], prefixesTexts: false });
  ({ templateId } = await world.template(service, { body: "Hello ((name))" }));
  const price = { prefix: "372", validFrom: "2026-01-01", fromFragments: 0, price: "0.0415", label: "" };
  await world.app.db.transaction((tx) => putPrice(tx, price));
});
afterAll(async () => {
  await api.close();
  await world.close();
});

const NO_FORECAST = {
  ...{ delivered: null, cost_of_undelivered: null },
  ...{ networks_asked: 0, no_such_number: 0, switched_off: 0, roaming: 0 },
};
const estimate = (body: unknown) => api.post("/v2/price-estimates", body, { as: service });

describe("an estimate", () => {
  it("says of each recipient what it costs, by the price list where that says something, or what is wrong", async () => {
    const answer = await estimate({
      template_id: templateId,
      personalisation: { name: "Ada" },
      recipients: [
        "07700 900123",
        { phone_number: "+372 5123 4567", personalisation: { name: "x".repeat(200) } },
        "07700",
        { phone_number: "07900900123", personalisation: { name: "x".repeat(1_000) } },
      ],
    });
    expect(answer.status).toBe(200);
    expect(answer.text).toContain('"total":0.107,');
    expect(answer.json).toEqual({
      currency: "GBP",
      total: 0.107,
      messages: 2,
      parts: 3,
      invalid: 2,
      suppressed: 0,
      forecast: NO_FORECAST,
      recipients: [
        {
          phone_number: "07700 900123",
          is_valid: true,
          parts: 1,
          country_prefix: "44",
          unit_price: 0.024,
          cost: 0.024,
        },
        {
          phone_number: "+372 5123 4567",
          is_valid: true,
          parts: 2,
          country_prefix: "372",
          unit_price: 0.0415,
          cost: 0.083,
        },
        { phone_number: "07700", is_valid: false, error: "Not enough digits" },
        { phone_number: "07900900123", is_valid: false, error: expect.stringContaining("918") },
      ],
    });
    const [kept] = await world.app.db.query<{ texts: number }>`select count(*) as texts from notifications n`;
    expect(kept?.texts).toBe(0);
  });

  it("leaves out who is suppressed, and says why", async () => {
    const careful = await world.service({ permissions: ["sms"] });
    await api.post("/v2/suppressions", { phone_number: "07700900456" }, { as: careful });
    const wish = { body: "Hello", recipients: ["07700900456", "07700900123"] };
    const { json } = await api.post("/v2/price-estimates", wish, { as: careful });
    expect(json).toMatchObject({ total: 0.024, messages: 1, parts: 1, invalid: 0, suppressed: 1 });
    expect(json.recipients[0]).toEqual({
      ...{ phone_number: "07700900456", is_valid: false },
      error: expect.stringContaining("your service has suppressed this number"),
    });
  });

  it("tells how many will arrive, by how the service's own texts fared in the last month", async () => {
    const sender = await world.service({ permissions: ["sms"] });
    const other = await world.service({ permissions: ["sms"] });
    const daysAgo = (days: number) => new Date(world.clock.now().getTime() - days * 86_400_000);
    const count = (serviceId: string, days: number, delivered: number, permanent: number) =>
      world.app.db.query`
        insert into quality_counts (slot, service_id, template_id, channel, provider, country_prefix, sender, sent, delivered, permanent, times)
        values (${daysAgo(days)}, ${serviceId}, ${templateId}, 'sms', 'fen', '44', 'us', ${delivered + permanent}, ${delivered},
          ${permanent}, ${noTimes()})`;
    await count(sender.id, 3, 90, 30);
    await count(sender.id, 40, 0, 1_000);
    await count(other.id, 3, 0, 1_000);
    const wish = { body: "Hello", recipients: Array(100).fill("07700900123") };
    const { json } = await api.post("/v2/price-estimates", wish, { as: sender });
    expect(json.forecast).toEqual({ ...NO_FORECAST, delivered: 75, cost_of_undelivered: 0.6 });
  });

  it("is made of words without a template, in the alphabet that they need", async () => {
    const recipients = ["07700900123"];
    expect((await estimate({ body: "x".repeat(160), recipients })).json.parts).toBe(1);
    expect((await estimate({ body: `${"x".repeat(159)}€`, recipients })).json.parts).toBe(2);
    expect((await estimate({ body: "ж".repeat(71), recipients })).json.parts).toBe(2);
  });

  it("says what one may not send, and what a template still needs", async () => {
    const home = await world.service({ permissions: ["sms"] });
    const abroad = { body: "Hello", recipients: ["+37251234567"] };
    const { json } = await api.post("/v2/price-estimates", abroad, { as: home });
    expect(json.recipients[0].error).toBe("Cannot send to international mobile numbers");
    const bare = (await estimate({ template_id: templateId, recipients: ["07700900123"] })).json;
    expect(bare.recipients[0].error).toBe("Missing personalisation: name");
  });

  it.each([
    [{}, "recipients is a required property"],
    [{ recipients: ["07700900123"] }, "template_id or body is a required property, and not both"],
    [{ body: "a", template_id: "5a9e2f4c-3d0b-4e55-8f39-0c6cbfc1d7aa", recipients: ["07700900123"] }, "and not both"],
    [{ body: "a", recipients: [] }, "at least one recipient"],
    [{ body: "a", recipients: Array(RECIPIENTS_MAX + 1).fill("07700900123") }, "more than 1000 recipients"],
    [{ body: "a", recipients: ["07700900123", 7] }, "recipients 1 is not of type string, object"],
    [{ body: "a", recipients: [{ to: "07700900123" }] }, "recipients 0 phone_number is a required property"],
    [
      { body: "a", personalisation: { a: "b" }, recipients: ["07700900123"] },
      "personalisation is only for a template_id",
    ],
    [{ body: " ", recipients: ["07700900123"] }, "Your message is empty."],
    [{ template_id: "5a9e2f4c-3d0b-4e55-8f39-0c6cbfc1d7aa", recipients: ["07700900123"] }, "Template not found"],
  ])("refuses %j", async (body, message) => {
    const { status, json } = await estimate(body);
    expect([status, json.errors[0].message.includes(message)]).toEqual([400, true]);
  });

  it("takes as many recipients as it says", async () => {
    const { json } = await estimate({ body: "Hello", recipients: Array(RECIPIENTS_MAX).fill("07700900123") });
    expect([json.messages, json.total]).toEqual([1_000, 24]);
  });
});
