import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Person, startAdmin, type TestAdmin } from "../../../../test/support/admin.ts";
import { createWorld, type World } from "../../../../test/support/world.ts";
import { newId } from "../../../platform/ids.ts";
import { listAudit } from "../../../records/audit/audit-store.ts";
import { listCountryOrders } from "../../../records/providers/country-route-store.ts";
import { insertProvider, insertRoute } from "../../../records/providers/provider-write-store.ts";

const COUNTRIES = "/platform/providers/countries";
const FRANCE = `${COUNTRIES}/33`;

let world: World;
let admin: TestAdmin;
let operator: Person;
const fields: Record<string, string> = {};

beforeAll(async () => {
  world = await createWorld();
  admin = await startAdmin(world.app);
  operator = await admin.person({ name: "Olu Operator", isPlatformAdmin: true });
  for (const [name, carriesInternational] of [
    ["fen", true],
    ["hill", true],
    ["home", false],
  ] as const)
    fields[name] = `place-${await makeProvider(name, carriesInternational)}`;
});
afterAll(async () => {
  await admin.close();
  await world.close();
});

async function makeProvider(name: string, carriesInternational: boolean): Promise<string> {
  const id = newId();
  const { db, keys } = world.app;
  await db.transaction(async (tx) => {
    const settings = { host: "127.0.0.1", port: 2775, systemId: "us" };
    const record = { id, name, channel: "sms", kind: "smpp", settings, secrets: {}, isSandbox: false } as const;
    await insertProvider(tx, keys.master, { ...record, isActive: true });
    const route = { id: newId(), channel: "sms", providerId: id, keyKinds: ["live"], carriesInternational } as const;
    await insertRoute(tx, { ...route, restingWeight: 50 });
  });
  return id;
}

/** Saves places by the providers' names. */
const save = (places: Record<string, string>, reason = "Cheaper there") => {
  const named = Object.entries(places).map(([name, place]) => [fields[name] ?? name, place]);
  return operator.post(FRANCE, { ...Object.fromEntries(named), reason });
};
const orders = () => listCountryOrders(world.app.db);
const chosenIn = (text: string) =>
  Object.keys(fields)
    .map((name) => new RegExp(`name="${fields[name]}"[\\s\\S]*?</select>`).exec(text)?.[0] ?? "")
    .map((select) => /value="([^"]*)" selected/.exec(select)?.[1]);

describe("the order of providers for a country", () => {
  it("is set with a reason, shown, and taken away again", async () => {
    expect((await operator.get(`${COUNTRIES}?country=33`)).location).toBe(FRANCE);
    expect((await operator.get(FRANCE)).text).toContain("Texts to France (+33)");
    expect((await save({ hill: "1", fen: "2", home: "" })).location).toBe(COUNTRIES);
    expect(await orders()).toEqual([{ countryPrefix: "33", providers: ["hill", "fen"] }]);
    expect((await operator.get(COUNTRIES)).text).toContain("hill, fen");
    expect(chosenIn((await operator.get(FRANCE)).text)).toEqual(["2", "1", undefined]);
    const [entry] = await listAudit(world.app.db, { limit: 1 });
    expect(entry).toMatchObject({
      ...{ action: "country-order.changed", subject: "texts to France", before: { providers: [] } },
      after: { providers: ["hill", "fen"], reason: "Cheaper there" },
    });
    await save({ hill: "", fen: "", home: "" });
    expect(await orders()).toEqual([]);
  });

  it("says of whom it would pass over", async () => {
    const { text } = await operator.get(FRANCE);
    expect(text.match(/carries texts at home only/g)).toHaveLength(1);
    expect((await operator.get(`${COUNTRIES}/44`)).text).not.toContain("carries texts at home only");
  });

  it.each([
    ["without a reason", { hill: "1" }, " ", "Say why"],
    ["with two in one place", { hill: "1", fen: "1" }, "Because", "Give each provider a place of its own"],
  ])("is not set %s", async (_, places, reason, words) => {
    const answer = await save(places as Record<string, string>, reason);
    expect([answer.status, answer.text]).toEqual([400, expect.stringContaining(words)]);
    expect(await orders()).toEqual([]);
    expect(chosenIn(answer.text)[1]).toBe("1");
  });

  it("is no page for what is no country", async () => {
    for (const prefix of ["999", "x", "constructor"])
      expect((await operator.get(`${COUNTRIES}/${prefix}`)).status).toBe(404);
  });

  it("shows which way a text to a number would go, with the number in no address", async () => {
    await save({ hill: "1", home: "2" });
    const { status, text } = await operator.post(COUNTRIES, { number: "+33 6 12 34 56 78" });
    expect([status, /A text to France[\s\S]*Tried first[\s\S]*hill[\s\S]*Then these[\s\S]*fen/.test(text)]).toEqual([
      200,
      true,
    ]);
    expect(/A text to France[\s\S]*/.exec(text)?.[0].split("footer")[0]).not.toContain("home ");
    expect([...text.matchAll(/(?:href|action)="([^"]*)"/g)].filter(([, url]) => url?.includes("12 34"))).toEqual([]);
    const refused = await operator.post(COUNTRIES, { number: "12" });
    expect([refused.status, refused.text.includes("govuk-error-summary")]).toEqual([400, true]);
  });
});
