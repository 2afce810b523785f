/** Networks asked about numbers, through a supplier over HTTP: what they say, what it costs, and what routes make of it. */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { applyDeclaration } from "../../src/cli/apply/apply.ts";
import { readDeclaration } from "../../src/cli/apply/declaration.ts";
import { exportDeclaration } from "../../src/cli/export.ts";
import { LOOKUPS_A_DAY_MAX } from "../../src/flow/number-lookups/ask-networks.ts";
import { deleteOldLookups } from "../../src/flow/upkeep/tidy.ts";
import { networkLookupOf } from "../../src/main/make-network-lookup.ts";
import { createOutbound } from "../../src/platform/http.ts";
import { checkLookupSupplier } from "../../src/providers/http/lookups/check-lookup-supplier.ts";
import { LOOKUP_PRESETS } from "../../src/providers/http/lookups/lookup-supplier.ts";
import { putPrice } from "../../src/records/prices/price-list-store.ts";
import { startAdmin } from "../support/admin.ts";
import { startApi, type TestApi } from "../support/api.ts";
import { makeCarrier, startWorkings } from "../support/workings.ts";
import { createWorld, type World, type WorldService } from "../support/world.ts";

const WAIT = { timeout: 30_000, interval: 20 };
const DAY_MS = 86_400_000;
const NUMBER = "07700 900123";

interface Asked {
  authorization: string | undefined;
  body: { numbers: string[] };
}

let world: World;
let api: TestApi;
let server: Server;
let url: string;
let service: WorldService;
const asked: Asked[] = [];
/** What the supplier says; a number is an HTTP status. */
let says: object | number = {};

beforeAll(async () => {
  server = createServer(async (request, response) => {
    const body = (await json(request)) as Asked["body"];
    asked.push({ authorization: request.headers.authorization, body });
    response.writeHead(typeof says === "number" ? says : 200, { "content-type": "application/json" });
    response.end(JSON.stringify({ id: "1", result: [{ number: body.numbers[0], ...(says as object) }] }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hlr/sync`;
  world = await createWorld();
  const outbound = createOutbound({ allowedNetworks: ["127.0.0.0/8"] });
  api = await startApi({ ...world.app, networkLookup: networkLookupOf(world.app, outbound) });
});
afterAll(async () => {
  await api.close();
  await world.close();
  server.close();
});
beforeAll(async () => {
  service = await world.service();
});
afterEach(async () => {
  asked.length = 0;
  await world.app.db.query`delete from network_lookups`;
});

const apply = (suppliers: object[], prunes = false) => {
  const value = { lookup_suppliers: suppliers };
  const declaration = readDeclaration({ value, path: [], source: { locate: () => "", environment: {} } });
  return applyDeclaration(world.app.db, world.app.keys, { declaration, actor: "test", prunes, isDryRun: false });
};
const supplier = () => ({
  name: "hlr",
  settings: { preset: "messente", url },
  secrets: { username: "us", password: "hunter2" },
});

const look = async (numbers: string[], { as = service, with: kind = "live" as "live" | "test" } = {}) =>
  api.post("/v2/number-lookups", { phone_numbers: numbers, source: "network" }, { as, with: kind });

const ROAMING = {
  status: "ON",
  roaming: true,
  ported: false,
  currentNetwork: { mccmnc: "23415", networkName: "Vodafone" },
  originalNetwork: { mccmnc: "23410" },
  roamingNetwork: { mccmnc: "26201" },
};

describe("a supplier of look-ups", () => {
  it("is none until it is declared, and then what is declared changes nothing a second time", async () => {
    expect((await look([NUMBER])).json.errors[0]).toEqual({
      error: "BadRequestError",
      message: "Nobody is set up here who asks networks about numbers",
    });
    expect((await apply([supplier()])).changes).toHaveLength(1);
    expect((await apply([supplier()])).changes).toEqual([]);
    const { declaration, secrets } = await exportDeclaration(world.app.db, world.app.keys);
    expect(declaration["lookup_suppliers"]).toMatchObject([{ name: "hlr", settings: { preset: "messente", url } }]);
    expect(JSON.stringify(declaration)).not.toContain("hunter2");
    expect(Object.values(secrets)).toContain("hunter2");
    await vi.waitFor(async () => expect((await look(["07700 900001"])).status).toBe(200), WAIT);
  });

  it.each([
    [{}, /must have a preset or a supplier/],
    [{ preset: "messente", supplier: {} }, /must have a preset or a supplier/],
    [{ supplier: "hlr" }, /must have a supplier that is a description/],
    [{ preset: "messente", colour: 7 }, /must have a colour that is a text/],
    [{ preset: "messente", timeoutMs: 0 }, /whole number of milliseconds/],
  ])("is refused as %j", async (settings, message) => {
    await expect(apply([{ ...supplier(), settings }])).rejects.toThrow(message);
  });
});

describe("a description of a supplier", () => {
  const given = { username: "us", password: "hunter2" };
  const { messente } = LOOKUP_PRESETS;
  it.each([
    [messente, { ...given, colour: "red" }, "settings.colour is not known"],
    [messente, { username: "us" }, "settings.password is missing"],
    [messente, { ...given, url: "here" }, "ask.url must lead to a complete https:// address"],
    [messente, { ...given, username: "a\nb" }, "settings.username must be one line of text"],
    [{ settings: {}, ask: {}, answer: {} }, {}, "ask.method must be POST, PUT or GET"],
    [{ ...messente, ask: { ...messente.ask, url: "{link}" } }, given, "ask asks for {link}, which is not known there"],
    [
      { ...messente, answer: { ...messente.answer, statuses: { ON: "YES" } } },
      given,
      /^answer\.statuses\.ON must be ON, OFF/,
    ],
  ])("%#: is refused with the wrong place", (description, settings, problem) => {
    expect(() => checkLookupSupplier(description, settings)).toThrow(problem);
  });
});

describe("a network", () => {
  it("says whether a number is on, roaming or ported, and where it is; what it said serves for a day", async () => {
    says = ROAMING;
    const { json: told } = await look([NUMBER, "12"]);
    expect(told.lookups).toMatchObject([
      {
        ...{ is_valid: true, status: "ON", is_roaming: true, is_ported: false, ported_network: null },
        ...{ current_network: "23415", original_network: "23410", roaming_network: "26201" },
      },
      { is_valid: false, status: "INVALID", looked_up_at: null },
    ]);
    expect(asked).toEqual([
      { authorization: `Basic ${Buffer.from("us:hunter2").toString("base64")}`, body: { numbers: ["+447700900123"] } },
    ]);
    const estimate = { body: "Hello", recipients: [NUMBER, "07700900456"] };
    const { json: priced } = await api.post("/v2/price-estimates", estimate, { as: service });
    expect(priced.recipients[0]).toMatchObject({ network_status: "ON", is_roaming: true });
    expect(priced.recipients[1]).not.toHaveProperty("network_status");
    expect(priced.forecast).toMatchObject({ networks_asked: 1, roaming: 1, switched_off: 0, no_such_number: 0 });
    expect((await look([NUMBER], { as: await world.service() })).json.lookups[0]).toMatchObject({ status: "ON" });
    expect(asked).toHaveLength(1);
    const [row] = await world.app.db.query<{ sealedResult: Buffer }>`select l.sealed_result from network_lookups l`;
    expect(row?.sealedResult.toString("latin1")).not.toMatch(/ON|23410/);
    const later = { ...world.app, clock: { now: () => new Date(Date.now() + DAY_MS + 1_000) } };
    expect(await deleteOldLookups(later)).toEqual({ numbers: 1 });
    await look([NUMBER]);
    expect(asked).toHaveLength(2);
  });

  it.each([
    ["is out of reach", 500],
    ["answers without a status", {}],
  ])("that %s leaves a number unknown, and is asked again", async (_how, answer) => {
    says = answer;
    expect((await look([NUMBER])).json.lookups[0]).toMatchObject({
      is_valid: true,
      status: "UNKNOWN",
      is_roaming: null,
    });
    await look([NUMBER]);
    expect(asked).toHaveLength(2);
  });

  it("is believed in codes alone", async () => {
    says = { status: "SOMETHING", currentNetwork: { mccmnc: "+447700900123" }, roaming: "yes" };
    expect((await look([NUMBER])).json.lookups[0]).toMatchObject({ status: "UNKNOWN", current_network: null });
  });

  it("is asked about no more numbers in a day than a service may, and never by a test key", async () => {
    says = ROAMING;
    const busy = await world.service();
    await world.app.db.query`
      insert into daily_lookups (service_id, day, asked)
      values (${busy.id}, ${new Date().toISOString().slice(0, 10)}, ${LOOKUPS_A_DAY_MAX - 1})`;
    expect((await look([NUMBER, "07700 900124"], { as: busy })).status).toBe(429);
    expect(asked).toEqual([]);
    expect((await look([NUMBER], { as: busy })).status).toBe(200);
    expect((await look([NUMBER], { with: "test" })).status).toBe(403);
  });
});

describe("the platform's page of suppliers", () => {
  it("shows who is asked and how often, and switches them off and on", async () => {
    const admin = await startAdmin(world.app);
    const operator = await admin.person({ isPlatformAdmin: true });
    const url = "/platform/number-lookups";
    const { text } = await operator.get(url);
    expect([text.includes("On: it is asked"), /\d+ numbers? (was|were) asked about today/.test(text)]).toEqual([
      true,
      true,
    ]);
    const [, action = ""] = /action="([^"]+\/switch)"/.exec(text) ?? [];
    await operator.post(action, { to: "off" });
    expect((await operator.get(url)).text).toContain("Switch on");
    await vi.waitFor(async () => expect((await look([NUMBER])).status).toBe(400), WAIT);
    await operator.post(action, { to: "on" });
    await vi.waitFor(async () => expect((await look([NUMBER])).status).toBe(200), WAIT);
    await admin.close();
  });
});

describe("a network that is known", () => {
  it("has its own price, for texts and before they are sent, and for no number that was not looked up", async () => {
    const { db } = world.app;
    await db.transaction((tx) =>
      putPrice(tx, {
        ...{ prefix: "44", network: "23415", validFrom: "2026-01-01", fromFragments: 0, price: "0.011", label: "" },
      }),
    );
    world.app.prices.forget();
    says = ROAMING;
    await look([NUMBER]);
    const { templateId: template_id } = await world.template(service, { body: "Hello" });
    const send = async (phone_number: string) => {
      const { json: sent } = await api.post("/v2/notifications/sms", { phone_number, template_id }, { as: service });
      const { network, unitPrice } = await world.latest({ id: sent.id });
      return [network, unitPrice];
    };
    expect(await Promise.all([send(NUMBER), send("07700 900456"), send("07700 900457")])).toEqual([
      ["23415", "0.011000"],
      [undefined, undefined],
      [undefined, undefined],
    ]);
    const estimate = { body: "Hello", recipients: [NUMBER, "07700 900456"] };
    const { json: priced } = await api.post("/v2/price-estimates", estimate, { as: service });
    expect(priced.recipients.map(({ unit_price }: { unit_price: number }) => unit_price)).toEqual([0.011, 0.024]);
    await db.query`delete from prices`;
    world.app.prices.forget();
  });
});

describe("routes that ask for a network", () => {
  it("take texts to numbers that were looked up there, and no others", async () => {
    const { db } = world.app;
    await db.query`delete from jobs`;
    const [usual, special] = [await makeCarrier(world.app), await makeCarrier(world.app, { name: "special" })];
    await db.query`update routes set networks = '{23415}', position = 1 where name = 'special'`;
    says = ROAMING;
    await look([NUMBER]);
    const workings = await startWorkings(world.app);
    const template = await world.template(service, { body: "Hello" });
    const [there, elsewhere] = [
      await workings.send({ service, template, to: NUMBER }),
      await workings.send({ service, template, to: "07700 900124" }),
    ];
    const providerOf = async (id: string) => (await world.latest({ id })).provider;
    await vi.waitFor(async () => {
      expect([await providerOf(there.id), await providerOf(elsewhere.id)]).toEqual(["special", "acme"]);
    }, WAIT);
    await workings.stop();
    await Promise.all([usual.stop(), special.stop()]);
  });
});
