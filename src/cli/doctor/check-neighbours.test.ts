import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createWorld, type World } from "../../../test/support/world.ts";
import { newId } from "../../platform/ids.ts";
import { putExchangeRate } from "../../records/prices/exchange-rate-store.ts";
import { replaceCharges } from "../../records/providers/price-store.ts";
import { insertProvider } from "../../records/providers/provider-write-store.ts";
import { checkExchangeRates } from "./check-neighbours.ts";

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

async function carrier(name: string, currency: string | undefined): Promise<void> {
  const settings = { host: "127.0.0.1", port: 2775, systemId: "us" };
  const record = { id: newId(), name, channel: "sms", kind: "smpp", settings, secrets: {}, isSandbox: false } as const;
  await world.app.db.transaction(async (tx) => {
    await insertProvider(tx, world.app.keys.master, { ...record, isActive: true });
    await replaceCharges(tx, record.id, { currency, prices: { "372": "0.031" } });
  });
}

describe("exchange rates", () => {
  it("are missed where a provider charges in a currency that has none today", async () => {
    const now = world.clock.now();
    const look = () => checkExchangeRates(world.app.db, now);
    await carrier("home", undefined);
    expect(await look()).toEqual([]);
    await carrier("fen", "EUR");
    expect(await look()).toEqual([
      {
        about: "provider fen",
        verdict: "warn",
        what: expect.stringContaining("charges in EUR, for which no exchange rate"),
      },
    ]);
    await world.app.db.transaction((tx) =>
      putExchangeRate(tx, { currency: "EUR", validFrom: "2020-01-01", rate: "0.86" }),
    );
    expect(await look()).toEqual([]);
  });
});
