/** What is known of numbers, before anything is sent to them: by the API, by our client and on a page. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { PennypostClient } from "../../client/src/index.ts";
import { startAdmin, type TestAdmin } from "../support/admin.ts";
import { startApi, type TestApi } from "../support/api.ts";
import { createWorld, type World, type WorldService } from "../support/world.ts";

let world: World;
let api: TestApi;
let admin: TestAdmin;
let service: WorldService;
beforeAll(async () => {
  world = await createWorld();
  api = await startApi(world.app);
  admin = await startAdmin(world.app);
  service = await world.service();
});
afterAll(async () => {
  await admin.close();
  await api.close();
  await world.close();
});

const lookUp = (body: object) => api.post("/v2/number-lookups", body, { as: service });

describe("numbers", () => {
  it("are told apart: type, country and price of the good ones, what is wrong with the others, in their order", async () => {
    const client = new PennypostClient(api.url, `live-${service.id}-${service.secrets.live}`);
    const { lookups } = await client.lookUpNumbers(["07700 900123", "020 7946 0000", "+372 5123 4567", "0770", "x"]);
    expect(lookups).toMatchObject([
      { is_valid: true, number: "+447700900123", type: "mobile", country: "GB", rate_multiplier: 1 },
      { type: "landline", country_name: "United Kingdom", is_international: false },
      { type: "mobile", country: "EE", country_name: "Estonia", country_prefix: "372", is_international: true },
      { phone_number: "0770", is_valid: false, reason: "too-short", message: "Not enough digits", number: null },
      { is_valid: false, reason: "unknown-character", message: "Must not contain letters or symbols" },
    ]);
  });

  it.each([
    [{}, "phone_numbers is a required property"],
    [{ phone_numbers: "07700900123" }, "phone_numbers 07700900123 is not of type array"],
    [{ phone_numbers: [] }, "phone_numbers must have a number"],
    [
      { phone_numbers: Array.from({ length: 101 }, () => "07700900123") },
      "phone_numbers cannot have more than 100 numbers",
    ],
    [{ phone_numbers: [7] }, "phone_numbers must be texts"],
  ])("are refused as %j", async (body, message) => {
    const { status, json } = await lookUp(body);
    expect([status, json.errors]).toEqual([400, [{ error: "ValidationError", message }]]);
  });

  it("count towards the rate limit, and are nobody's business without a key", async () => {
    const slow = await world.service({ rateLimitPerMinute: 1 });
    const ask = () => api.post("/v2/number-lookups", { phone_numbers: ["07700900123"] }, { as: slow });
    expect([(await ask()).status, (await ask()).status]).toEqual([200, 429]);
    expect((await api.post("/v2/number-lookups", { phone_numbers: ["07700900123"] })).status).toBe(401);
  });

  it("can be looked up by people, with whether they are suppressed, in no address", async () => {
    const member = await admin.person({ in: service, permissions: ["view_activity"] });
    const url = `/services/${service.id}/number-lookup`;
    expect((await member.get(url)).status).toBe(200);
    await api.post("/v2/suppressions", { phone_number: "07700 900123", reason: "asked-to-stop" }, { as: service });
    const { status, text } = await member.post(url, { number: "+44 7700 900 123" });
    expect(status).toBe(200);
    for (const words of ["07700 900123", "Mobile", "United Kingdom", "As much as at home", "Asked to stop"])
      expect(text).toContain(words);
    const wrong = await member.post(url, { number: "12" });
    expect([wrong.status, wrong.text.includes("Not enough digits")]).toEqual([400, true]);
  });
});
