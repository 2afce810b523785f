import { afterAll, beforeAll, expect, it } from "vitest";
import { stringify } from "yaml";
import { createWorld, type World } from "../../../test/support/world.ts";
import { secretsToSign } from "../../flow/alerts/alert-secrets.ts";
import { newWebhookSecret } from "../../platform/webhook-signature.ts";
import { listRules } from "../../records/alerts/alert-store.ts";
import { findBalance } from "../../records/balances/balance-store.ts";
import { listOrganisations } from "../../records/organisations/organisation-store.ts";
import { listPrices } from "../../records/prices/price-list-store.ts";
import { exportDeclaration } from "../export.ts";
import { applyDeclaration } from "./apply.ts";
import { readDeclaration } from "./declaration.ts";
import { parseFile } from "./parse-file.ts";

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

const FILE = `
organisations:
  - name: Northwold Council
    balance: { on: true, credit_limit: "250.50", low_at: "20" }
services:
  - name: Northwold Parks
    organisation: Northwold Council
    monthly_budget: 400
    budget_stops: true
    daily_spend_limit: 50
prices:
  - { prefix: "372", from: "2026-01-01", price: "0.0410" }
  - { prefix: "372", network: Telia, network_code: "24801", from: "2026-01-01", price: "0.02" }
  - { prefix: "3725", network: Elisa, from: "2026-01-01", fragments: 10000, price: "0.03" }
`;

function apply(text: string, { prunes = false } = {}) {
  const declaration = readDeclaration(parseFile(text, { name: "money.yaml", environment: {} }));
  const options = { declaration, actor: "pennypost apply", prunes, isDryRun: false };
  return applyDeclaration(world.app.db, world.app.keys, options);
}

it("prices, balances' rules and spending limits come from a file, go back into one, and change nothing twice", async () => {
  expect((await apply(FILE)).changes.map(({ kind, action }) => `${kind} ${action}`)).toEqual([
    "organisation created",
    "balance updated",
    "service created",
    "price created",
    "price created",
    "price created",
  ]);
  expect((await apply(FILE)).changes).toEqual([]);
  const [organisation] = await listOrganisations(world.app.db);
  expect(await findBalance(world.app.db, organisation?.id ?? "")).toMatchObject({
    isOn: true,
    creditLimit: "250.5",
    lowAt: "20",
  });
  const { declaration } = await exportDeclaration(world.app.db, world.app.keys);
  expect(declaration).toMatchObject({
    organisations: [{ name: "Northwold Council", balance: { on: true, credit_limit: "250.5", low_at: "20" } }],
    services: [{ monthly_budget: 400, budget_stops: true, daily_spend_limit: 50 }],
    prices: [
      { prefix: "372", from: "2026-01-01", fragments: 0, price: "0.041" },
      { prefix: "372", network: "Telia", network_code: "24801", from: "2026-01-01", fragments: 0, price: "0.02" },
      { prefix: "3725", network: "Elisa", from: "2026-01-01", fragments: 10_000, price: "0.03" },
    ],
  });
  expect((await apply(stringify(declaration))).changes).toEqual([]);
});

it("what providers charge, by network and in their currency, comes from a file with the exchange rates, and goes back into one", async () => {
  const rates = `
providers:
  - name: fen
    channel: sms
    kind: smpp
    settings: { host: 127.0.0.1, port: 2775, systemId: us }
    currency: EUR
    prices: { "372": "0.0310", "372 24801": "0.02" }
exchange_rates:
  - { currency: EUR, from: "2026-06-01", rate: "0.8600" }
  - { currency: EUR, from: "2026-07-01", rate: "0.8612345678" }
`;
  expect((await apply(rates)).changes.map(({ kind, name, action }) => `${kind} ${name} ${action}`)).toEqual([
    "provider fen created",
    "exchange rate EUR from 2026-06-01 created",
    "exchange rate EUR from 2026-07-01 created",
  ]);
  expect((await apply(rates)).changes).toEqual([]);
  const { declaration } = await exportDeclaration(world.app.db, world.app.keys);
  expect(declaration).toMatchObject({
    providers: expect.arrayContaining([
      expect.objectContaining({ name: "fen", currency: "EUR", prices: { "372": "0.031", "372 24801": "0.02" } }),
    ]),
    exchange_rates: [
      { currency: "EUR", from: "2026-07-01", rate: "0.8612345678" },
      { currency: "EUR", from: "2026-06-01", rate: "0.86" },
    ],
  });
  const { providers, exchange_rates } = declaration;
  expect((await apply(stringify({ providers, exchange_rates }))).changes).toEqual([]);
  const home = await apply(rates.replace("currency: EUR\n    prices", "currency: none\n    prices"));
  expect(home.changes).toMatchObject([{ kind: "provider", before: { currency: "EUR" }, after: { currency: "none" } }]);
  const one = 'exchange_rates: [{ currency: EUR, from: "2026-06-01", rate: "0.86" }]';
  expect((await apply(one, { prunes: true })).changes).toMatchObject([
    { kind: "exchange rate", name: "EUR from 2026-07-01", action: "removed" },
  ]);
});

it.each([
  [
    'exchange_rates: [{ currency: GBP, from: "2026-06-01", rate: "1" }]',
    "is of GBP, in which this installation charges",
  ],
  ['exchange_rates: [{ currency: Euro, from: "2026-06-01", rate: "1" }]', "three letters of a currency"],
  ['exchange_rates: [{ currency: EUR, from: "2026-06-01", rate: "0" }]', "must be a rate in quotes"],
  ['exchange_rates: [{ currency: EUR, from: "2026-06-01", rate: 0.86 }]', "put it in quotes"],
  [
    'providers: [{ name: a, channel: sms, kind: smpp, settings: {}, prices: { "372 2": "0.03" } }]',
    "network's code behind",
  ],
])("a file with %s is refused", async (text, words) => {
  await expect(async () => apply(text)).rejects.toThrow(words);
});

it("prices that the file does not name are removed when it prunes", async () => {
  const one = `prices:\n  - { prefix: "372", from: "2026-01-01", price: "0.041" }\n`;
  expect((await apply(one)).changes).toEqual([]);
  const { changes } = await apply(one, { prunes: true });
  expect(changes.map(({ kind, name, action }) => `${kind} ${name} ${action}`).sort()).toEqual([
    "price 372 on 24801 from 2026-01-01, 0 fragments removed",
    "price 3725 from 2026-01-01, 10000 fragments removed",
  ]);
  expect(await listPrices(world.app.db)).toHaveLength(1);
});

it.each([
  ['prices: [{ prefix: "999", from: "2026-01-01", price: "1" }]', "calling code"],
  ['prices: [{ prefix: "372", from: "2026-13-01", price: "1" }]', "must be a date"],
  ['prices: [{ prefix: "372", from: "2026-01-01", price: 0.1 }]', "in quotes"],
  ['organisations: [{ name: A, balance: { on: true, credit_limit: "much" } }]', "must be an amount"],
])("%s is refused", async (text, message) => {
  await expect(async () => apply(text)).rejects.toThrow(message);
});

it("alert rules come from a file, for a service and for the installation, and whom they tell is not in the report", async () => {
  const file = `
services:
  - name: Northwold Parks
    alerts:
      - { name: Slow, kind: slowness, threshold: 60, window_minutes: 15, emails: [ada@example.org] }
alerts:
  - { name: Silence, kind: receipt-silence, numbers: ["07700900123"], urls: ["https://example.org/alerts"] }
`;
  const { changes } = await apply(file);
  expect(changes.map(({ kind, name, action }) => `${kind} ${name} ${action}`)).toEqual([
    "alert rule Slow of Northwold Parks created",
    "alert rule Silence created",
  ]);
  expect(JSON.stringify(changes)).not.toContain("ada@");
  expect((await apply(file)).changes).toEqual([]);
  const { declaration } = await exportDeclaration(world.app.db, world.app.keys);
  expect(declaration).toMatchObject({
    services: [{ alerts: [{ name: "Slow", threshold: 60, window_minutes: 15, emails: ["ada@example.org"] }] }],
    alerts: [{ name: "Silence", threshold: 0, least_count: 50, numbers: ["07700900123"] }],
  });
  expect((await apply(stringify(declaration))).changes).toEqual([]);
  const other = file.replace("ada@", "bo@");
  expect((await apply(other)).changes).toMatchObject([
    { action: "updated", after: { destinations: "(another secret)" } },
  ]);
  await expect(async () => apply(file.replace("threshold: 60", "threshold: 0"))).rejects.toThrow("whole number from 1");
});

it("the secret that signs what a rule posts comes from a file, and the one before signs beside another", async () => {
  const [one, two] = [newWebhookSecret(), newWebhookSecret()];
  const file = (secret: string) =>
    `alerts: [{ name: Posted, kind: slowness, threshold: 60, urls: ["https://example.org/"], signing_secret: ${secret} }]`;
  await apply(file(one));
  expect((await apply(file(one))).changes).toEqual([]);
  const { changes } = await apply(file(two));
  expect(changes).toMatchObject([{ action: "updated", after: { signingSecret: "(another secret)" } }]);
  expect(JSON.stringify(changes)).not.toContain("whsec_");
  const { keys, db } = world.app;
  const rule = (await listRules(db, keys.master, undefined)).find(({ name }) => name === "Posted");
  expect(await secretsToSign(world.app, rule?.id ?? "")).toEqual([two, one]);
  const { declaration, secrets } = await exportDeclaration(db, keys);
  expect(JSON.stringify(declaration)).toContain("{ALERT_POSTED_SIGNING_SECRET}");
  expect(secrets["ALERT_POSTED_SIGNING_SECRET"]).toBe(two);
  await expect(async () => apply(file("whsec_c2hvcnQ="))).rejects.toThrow("24 to 64 bytes in base64");
});
