import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Person, startAdmin, type TestAdmin } from "../../../../test/support/admin.ts";
import { createWorld, type World } from "../../../../test/support/world.ts";
import { newId } from "../../../platform/ids.ts";
import { listAudit } from "../../../records/audit/audit-store.ts";
import { canaryPlanOf, healthRulesOf } from "../../../records/providers/health-settings.ts";
import { listProviderPrices } from "../../../records/providers/price-store.ts";
import { listProviders } from "../../../records/providers/provider-store.ts";
import { insertProvider } from "../../../records/providers/provider-write-store.ts";

let world: World;
let admin: TestAdmin;
let operator: Person;
let url: string;
beforeAll(async () => {
  world = await createWorld();
  admin = await startAdmin(world.app);
  operator = await admin.person({ isPlatformAdmin: true });
  const id = newId();
  const { db, keys } = world.app;
  const settings = { host: "127.0.0.1", port: 2775, systemId: "us" };
  const record = { id, name: "fen", channel: "sms", kind: "smpp", settings, isSandbox: false, isActive: true } as const;
  await db.transaction((tx) => insertProvider(tx, keys.master, { ...record, secrets: { password: "hunter2" } }));
  url = `/platform/providers/${id}/settings`;
});
afterAll(async () => {
  await admin.close();
  await world.close();
});

const EMPTY = {
  ...{ errorShare: "", slowShare: "", failureShare: "", slowAnswerMs: "", silentSeconds: "" },
  ...{ openSeconds: "", stepSeconds: "", leastMessages: "" },
  ...{ canaryNumbers: "", everySeconds: "", withinSeconds: "", sender: "", currency: "", prices: "" },
};
const FILLED = {
  ...EMPTY,
  ...{ errorShare: "7", slowAnswerMs: "1,500", canaryNumbers: "+44 7700 900123\r\n+372 5550 0123" },
  ...{
    everySeconds: "600",
    sender: "Northwold",
    currency: "eur",
    prices: "372 0.0410\r\n+372 24801 0.036\r\n+44 0.02",
  },
};
const kept = async () => {
  const [record] = await listProviders(world.app.db, world.app.keys.master);
  if (!record) throw new Error("the provider is gone");
  return record;
};

describe("a provider's settings", () => {
  it("are set as in a file, keep the others, and are said in the log without the numbers", async () => {
    expect((await operator.get("/platform/providers")).text).toContain(url);
    expect((await operator.post(url, FILLED)).location).toBe("/platform/providers");
    const record = await kept();
    expect(record.settings).toMatchObject({ host: "127.0.0.1", systemId: "us", health: { errorShare: 0.07 } });
    expect(record.secrets["password"]).toBe("hunter2");
    expect(healthRulesOf(record)).toMatchObject({ errorShare: 0.07, slowAnswerMs: 1_500, slowShare: 0.5 });
    expect(canaryPlanOf(record)).toEqual({
      ...{ numbers: ["447700900123", "37255500123"], everySeconds: 600, withinSeconds: 120, sender: "Northwold" },
    });
    expect(await listProviderPrices(world.app.db)).toEqual([
      { provider: "fen", currency: "EUR", countryPrefix: "372", price: "0.041" },
      { provider: "fen", currency: "EUR", countryPrefix: "372", network: "24801", price: "0.036" },
      { provider: "fen", currency: "EUR", countryPrefix: "44", price: "0.02" },
    ]);
    const [entry] = await listAudit(world.app.db, { limit: 1 });
    expect(entry).toMatchObject({ action: "provider.set", after: { canaryNumbers: 2, prices: { "372": "0.041" } } });
    expect(JSON.stringify(entry)).not.toContain("900123");
    const { text } = await operator.get(url);
    for (const shown of ['value="7"', 'value="1500"', "+372 5550 0123", "372 0.041", "372 24801 0.036", 'value="EUR"'])
      expect(text).toContain(shown);
  });

  it.each([
    [{ errorShare: "0" }, "Enter a percentage from 1 to 100"],
    [{ errorShare: "many" }, "Enter a number, or nothing"],
    [{ leastMessages: "2" }, "a number of messages from 3 to 10000"],
    [{ silentSeconds: "1.5" }, "Enter a number, or nothing"],
    [{ canaryNumbers: "12" }, "phone numbers"],
    [{ currency: "Euro" }, "three letters of a currency"],
    [{ prices: "372 2480 0.03" }, "a price on each line"],
    [{ everySeconds: "59" }, "seconds from 60 to 86400"],
    [{ sender: "A sender that is long" }, "15 characters or fewer"],
    [{ prices: "372" }, "calling code and a price on each line"],
    [{ prices: "999 0.02" }, "calling code and a price on each line"],
    [{ prices: "372 0.02\r\n372 0.03" }, "Enter one price for 372"],
  ])("%j is refused, and nothing changes", async (change, words) => {
    const before = [await kept(), await listProviderPrices(world.app.db)];
    const answer = await operator.post(url, { ...FILLED, ...change });
    expect([answer.status, answer.text.includes(words)]).toEqual([400, true]);
    expect([await kept(), await listProviderPrices(world.app.db)]).toEqual(before);
  });

  it("are as usual again where they are left empty", async () => {
    await operator.post(url, EMPTY);
    const record = await kept();
    expect([record.settings, record.secrets]).toEqual([
      { host: "127.0.0.1", port: 2775, systemId: "us" },
      { password: "hunter2" },
    ]);
    expect(await listProviderPrices(world.app.db)).toEqual([]);
  });
});
