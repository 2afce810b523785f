import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createPeopleWorld, HERE, type PeopleWorld } from "../../../test/support/people.ts";
import type { WorldService } from "../../../test/support/world.ts";
import { dayOf } from "../../core/calendar/home-day.ts";
import { chargeWords } from "../../core/price/carrier-prices.ts";
import { newId } from "../../platform/ids.ts";
import { listAudit } from "../../records/audit/audit-store.ts";
import { listExchangeRates } from "../../records/prices/exchange-rate-store.ts";
import { type Charges, replaceCharges } from "../../records/providers/price-store.ts";
import { insertProvider } from "../../records/providers/provider-write-store.ts";
import { insertRoute, NEW_ROUTE } from "../../records/routes/route-store.ts";
import { readRouting } from "../routing/routing.ts";
import { tryRoute } from "../routing/try-route.ts";
import { countHours } from "../statistics/count-hours.ts";
import { textsByProvider } from "../statistics/platform-reports.ts";
import { listUnrated } from "./carrier-charges.ts";
import { removeExchangeRate, saveExchangeRate } from "./change-exchange-rates.ts";

const NUMBER = "+37251234567";
const HOUR_MS = 3_600_000;

let world: PeopleWorld;
let actor: { userId: string; ip: string };
let today: string;
beforeAll(async () => {
  world = await createPeopleWorld();
  actor = { userId: (await world.user()).id, ip: HERE.ip };
  today = dayOf(world.clock.now());
  await carrier("fen", { currency: "EUR", prices: { "372": "0.031", "372 24801": "0.01" } });
  await carrier("hill", { currency: undefined, prices: { "372": "0.025" } });
  await carrier("reef", { currency: "USD", prices: { "372": "0.001" } });
});
afterAll(() => world.close());

/** All of them stand equal, and the cheapest is taken first. */
async function carrier(name: string, charges: Charges): Promise<void> {
  const [id, settings] = [newId(), { host: "127.0.0.1", port: 2775, systemId: "us" }];
  const record = { id, name, channel: "sms", kind: "smpp", settings, secrets: {}, isSandbox: false } as const;
  const keyKinds = ["live", "team"] as const;
  await world.app.db.transaction(async (tx) => {
    await insertProvider(tx, world.app.keys.master, { ...record, isActive: true });
    await replaceCharges(tx, id, charges);
    const route = { ...NEW_ROUTE, id: newId(), name, channel: "sms", providerId: id, isCheapestFirst: true } as const;
    await insertRoute(tx, { ...route, keyKinds: [...keyKinds] });
  });
}

const save = (currency: string, rate: string, validFrom = today) =>
  saveExchangeRate(world.app, actor, { currency, validFrom, rate });
const cheapest = async (network?: string) => {
  const routing = await readRouting(world.app.db, world.clock.now());
  const priced = ["fen", "hill", "reef"].map((name) => {
    return {
      name,
      price: routing.price(name, { countryPrefix: "372", network })?.millionths ?? Number.POSITIVE_INFINITY,
    };
  });
  return priced.sort((a, b) => a.price - b.price).map(({ name }) => name);
};

describe("a provider that charges in another currency", () => {
  it("comes last by price until there is a rate, and never for nothing", async () => {
    expect((await cheapest())[0]).toBe("hill");
    expect(await listUnrated(world.app.db, today)).toEqual([
      { provider: "fen", currency: "EUR" },
      { provider: "reef", currency: "USD" },
    ]);
    await save("EUR", "0.8", today);
    expect(await cheapest()).toEqual(["fen", "hill", "reef"]);
    expect(await listUnrated(world.app.db, today)).toEqual([{ provider: "reef", currency: "USD" }]);
    await save("EUR", "0.9000");
    expect(await cheapest()).toEqual(["hill", "fen", "reef"]);
    expect((await listAudit(world.app.db, { limit: 1 }))[0]).toMatchObject({
      ...{ action: "exchange-rate.saved", before: { rate: "0.8" }, after: { currency: "EUR", rate: "0.9" } },
    });
  });

  it("is priced by the network where that is known", async () => {
    expect(await cheapest("24801")).toEqual(["fen", "hill", "reef"]);
    expect(await cheapest("24802")).toEqual(["hill", "fen", "reef"]);
    const words = async (network?: string) => {
      const { priceOf, currency } = await tryRoute(world.app, { number: NUMBER, network });
      return ["fen", "hill", "reef"].map((name) => chargeWords(priceOf(name), currency));
    };
    expect(await words()).toEqual(["€0.031 (£0.0279)", "£0.025", "US$0.001 (no exchange rate)"]);
    expect((await words("24801"))[0]).toBe("€0.01 (£0.009)");
  });

  it("is counted by the day's rate and the network's price; what cannot be is told", async () => {
    const service = await world.service({ permissions: ["sms", "international_sms"] });
    const template = await world.template(service);
    const hourAgo = new Date(world.clock.now().getTime() - 2 * HOUR_MS);
    const day = dayOf(hourAgo);
    await save("EUR", "0.9", day);
    const sent = { service, templateId: template.templateId, at: hourAgo };
    await carried({ ...sent, provider: "fen", network: undefined, fragments: 3 });
    await carried({ ...sent, provider: "fen", network: "24801", fragments: 2 });
    await carried({ ...sent, provider: "reef", network: undefined, fragments: 4 });
    await carried({ ...sent, provider: "hill", network: undefined, fragments: 1 });
    await carried({ ...sent, provider: "hill", network: undefined, fragments: 2, isSentAgain: true });
    await countHours(world.app);
    const report = await textsByProvider(world.app, { first: day, last: day });
    const shown = report.map(({ provider, currency, charged, chargedAtHome, unpricedFragments }) => {
      return [provider, currency, charged, chargedAtHome, unpricedFragments];
    });
    // 3 × 0.031 + 2 × 0.01 euros, each part at 0.9: 3 × 0.0279 + 2 × 0.009.
    expect(shown).toEqual([
      ["fen", "EUR", "0.113", "0.1017", 0],
      ["hill", "GBP", "0.075", "0.075", 0],
      ["reef", "USD", "0.004", "0.0", 4],
    ]);
    expect(report.map(({ repeatedMessages, repeatedCost }) => [repeatedMessages, repeatedCost])).toEqual([
      [0, "0.0"],
      [1, "0.05"],
      [0, "0.0"],
    ]);
  });
});

interface Carried {
  service: WorldService;
  templateId: string;
  at: Date;
  provider: string;
  network: string | undefined;
  fragments: number;
  isSentAgain?: boolean;
}

function carried({ service, templateId, at, provider, network, fragments, isSentAgain = false }: Carried) {
  return world.app.db.query`
    insert into notifications (id, service_id, key_kind, channel, template_id, template_version, sealed_content, recipient_index, lane,
      is_international, has_receipts, country_prefix, rate_multiplier, fragments, status, attempts, may_be_repeated, provider, network, created_at, updated_at)
    values (${newId(at)}, ${service.id}, 'live', 'sms', ${templateId}, 1, ''::bytea, ''::bytea, 1, true, true, '372', 1, ${fragments},
      'delivered', 1, ${isSentAgain}, ${provider}, ${network ?? null}, ${at}, ${at})`;
}

describe("exchange rates", () => {
  it.each([
    [{ currency: "XXY" }, "three letters of a currency"],
    [{ currency: "GBP" }, "what this installation charges in"],
    [{ rate: "0" }, "more than nothing"],
    [{ rate: "0.00" }, "more than nothing"],
    [{ rate: "-1" }, "more than nothing"],
    [{ rate: "0.12345678901" }, "more than nothing"],
    [{ validFrom: "2026-02-30" }, "Enter a date"],
  ])("are refused as %j, and nothing is stored", async (change, words) => {
    const before = await listExchangeRates(world.app.db);
    const form = { currency: "SEK", validFrom: today, rate: "0.08", ...change };
    await expect(saveExchangeRate(world.app, actor, form)).rejects.toThrow(words);
    expect(await listExchangeRates(world.app.db)).toEqual(before);
  });

  it("are removed once", async () => {
    await save("SEK", "0.08");
    const name = { currency: "SEK", validFrom: today };
    await removeExchangeRate(world.app, actor, name);
    await expect(removeExchangeRate(world.app, actor, name)).rejects.toThrow("There is no such rate");
    await expect(removeExchangeRate(world.app, actor, { ...name, validFrom: "x" })).rejects.toThrow("no such rate");
    expect((await listAudit(world.app.db, { limit: 1 }))[0]).toMatchObject({ action: "exchange-rate.removed" });
  });
});
