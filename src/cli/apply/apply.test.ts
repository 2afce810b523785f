import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { createTestDatabase, type TestDatabase } from "../../../test/support/database.ts";
import { type Database, openDatabase } from "../../platform/db.ts";
import { newRandomId } from "../../platform/ids.ts";
import { blindIndex, deriveKey, newMasterKeyText, parseMasterKey } from "../../platform/sealing.ts";
import { listAuditEntries } from "../../records/audit/audit-store.ts";
import { listProviders, listSendingDomains } from "../../records/providers/provider-store.ts";
import { callbacksFor } from "../../records/services/service.ts";
import { findService, type OpeningKeys } from "../../records/services/service-store.ts";
import { listSmppAccounts } from "../../records/smpp-accounts/smpp-account-store.ts";
import { findCurrentTemplate, listTemplates } from "../../records/templates/template-store.ts";
import { findUserByEmail } from "../../records/users/user-store.ts";
import { exportDeclaration } from "../export.ts";
import { applyDeclaration } from "./apply.ts";
import { readDeclaration } from "./declaration.ts";
import { parseFile } from "./parse-file.ts";

const SERVICE = "5a9e2f4c-3d0b-4e55-8f39-0c6cbfc1d7aa";
const TEMPLATE = "0198f6a2-7c11-7a44-9d5e-5ab1b1d3c001";
const SECRET = "3e2f1a70-94a3-4c0a-9bb1-27d39f0d5c11";

const environment = {
  LIVE_KEY: `live-${SERVICE}-${SECRET}`,
  TOKEN: "a-bearer-token",
  CARRIER_PASSWORD: "pw",
  ADA: "correct horse",
};

const WORLD = `
organisations:
  - name: Northwold Council
users:
  - email: Ada@northwold.example
    name: Ada Lowe
    mobile: "07700 900123"
    platform_admin: true
    password: \${ADA}
sending_domains:
  - domain: notices.northwold.example
    default: true
services:
  - id: ${SERVICE}
    name: Northwold Libraries
    organisation: Northwold Council
    live: true
    permissions: [sms, email, inbound_sms]
    text_mode: gsm
    sending_domain: notices.northwold.example
    files_contact: https://libraries.northwold.example/help
    monthly_budget: 400
    limits: { sms_per_day: 500, requests_per_minute: 60 }
    retention_days: { sms: 3 }
    keys:
      - { name: live, kind: live, secret: "\${LIVE_KEY}" }
      - { name: test, kind: test }
    smpp_accounts:
      - { system_id: northwold, kind: live, password: abcd2345, rate_per_second: 20, allowed_networks: [192.0.2.7] }
    text_senders:
      - { sender: Northwold, default: true }
      - { sender: "07700900500" }
    reply_tos:
      - { address: libraries@northwold.example, default: true }
    callbacks:
      - { kind: delivery-receipt, url: "https://systems.northwold.example/receipts", bearer_token: "\${TOKEN}" }
    inbound_numbers:
      - { number: "+44 7700 900500" }
    guest_list: ["07700 900111", "Reader@example.com"]
    members:
      - { email: ada@northwold.example, permissions: [send_messages, manage_templates] }
    templates:
      - id: ${TEMPLATE}
        channel: sms
        name: Book due
        body: |
          ((title)) is due on ((date)).
      - { channel: email, name: Welcome, subject: Welcome, body: "Hello ((name))" }
providers:
  - name: carrier-one
    channel: sms
    kind: smpp
    settings: { host: smpp.example.net, port: 2775, systemId: northwold, windowSize: 50 }
    secrets: { password: "\${CARRIER_PASSWORD}" }
    prices: { "33": "0.0310", "44": "0.02" }
routes:
  - { provider: carrier-one, key_kinds: [live, team], weight: 80 }
  - name: france
    provider: carrier-one
    key_kinds: [live]
    countries: ["33"]
    networks: ["20801"]
    services: [Northwold Libraries]
    senders: [alphanumeric]
    priorities: [high]
    times: ["mon-fri 08:00-20:00"]
    position: 1
    cheapest: true
`;

const master = parseMasterKey(newMasterKeyText());
if (!master) throw new Error("no key");
const keys: OpeningKeys = { master, searchIndex: deriveKey(master, "recipient search") };

let database: TestDatabase;
let db: Database;

function connect(url: string): Database {
  return openDatabase({ url, maxConnections: 4, applicationName: "test" });
}

function apply(content: string, options: { prunes?: boolean; isDryRun?: boolean; env?: Record<string, string> } = {}) {
  const { prunes = false, isDryRun = false, env = environment } = options;
  const declaration = readDeclaration(parseFile(content, { name: "world.yaml", environment: env }));
  return applyDeclaration(db, keys, { declaration, actor: "pennypost apply", prunes, isDryRun });
}

async function service() {
  const found = await findService(db, keys, SERVICE);
  if (!found) throw new Error("the service is missing");
  return found;
}

describe("apply", () => {
  beforeAll(async () => {
    database = await createTestDatabase();
    db = connect(database.url);
    const first = await apply(WORLD);
    expect(first.changes.every(({ action }) => action === "created" || action === "updated")).toBe(true);
    expect(first.secrets.map(({ kind, name }) => `${kind} ${name}`)).toEqual([
      "API key live of Northwold Libraries",
      "API key test of Northwold Libraries",
      "signing secret delivery-receipt callback of Northwold Libraries",
    ]);
  });

  afterAll(async () => {
    await db.close();
    await database.drop();
  });

  beforeEach(() => apply(WORLD, { prunes: true }));

  it("makes a service that the flow reads as the file says", async () => {
    const made = await service();
    expect(made).toMatchObject({
      name: "Northwold Libraries",
      isTrial: false,
      textMode: "gsm",
      filesContact: { kind: "link", value: "https://libraries.northwold.example/help" },
      rateLimitPerMinute: 60,
      dailyLimits: { sms: 500, email: 250_000, letter: 20_000, international_sms: 100 },
      retentionDays: { sms: 3, email: 7, letter: 7 },
      emailSendingDomain: "notices.northwold.example",
    });
    expect([...made.permissions].sort()).toEqual(["email", "inbound_sms", "sms"]);
    expect(made.keys.map(({ name, kind }) => `${name} ${kind}`).sort()).toEqual(["live live", "test test"]);
    expect(
      made.keys
        .find(({ name }) => name === "live")
        ?.secret.export()
        .toString(),
    ).toBe(SECRET);
    expect(made.textSenders.map(({ sender, isDefault }) => [sender, isDefault])).toEqual([
      ["Northwold", true],
      ["07700900500", false],
    ]);
    expect(callbacksFor(made, "delivery-receipt")[0]).toMatchObject({ bearerToken: "a-bearer-token" });
  });

  it("keeps guests and members where intake looks for recipients", async () => {
    const { allowedRecipients } = await service();
    const indexOf = (recipient: string) => blindIndex(keys.searchIndex, recipient).toString("hex");
    const expected = ["447700900111", "reader@example.com", "447700900123", "ada@northwold.example"].map(indexOf);
    expect([...allowedRecipients].sort()).toEqual(expected.sort());
  });

  it("seals the secrets of providers and makes a DKIM key for a domain that has none", async () => {
    const [provider] = await listProviders(db, keys.master);
    expect(provider).toMatchObject({ name: "carrier-one", secrets: { password: "pw" } });
    const [domain] = await listSendingDomains(db, keys.master);
    expect(domain).toMatchObject({ dkimSelector: "pennypost", bounceDomain: "bounces.notices.northwold.example" });
    expect(domain?.dkimPrivateKey).toContain("BEGIN PRIVATE KEY");
  });

  it("changes nothing the second time", async () => {
    const again = await apply(WORLD, { prunes: true });
    expect(again.changes).toEqual([]);
    expect(again.secrets).toEqual([]);
    expect(again.unchanged).toBeGreaterThan(15);
  });

  it("shows what a dry run would change, and takes it back", async () => {
    const dry = await apply(WORLD.replace("sms_per_day: 500", "sms_per_day: 700"), { isDryRun: true });
    expect(dry.changes).toMatchObject([
      { action: "updated", kind: "service", before: { dailyLimitSms: 500 }, after: { dailyLimitSms: 700 } },
    ]);
    expect((await service()).dailyLimits.sms).toBe(500);
  });

  it("sets guards and what templates keep, and takes quiet hours away when the file says that there are none", async () => {
    const suppression = "    suppression: { after_failures: 3, objectors: true }\n";
    const guards = `    repeat_guard: { same_per_hour: 20 }\n    quiet_hours: { from: "21:00", until: "08:00" }\n${suppression}`;
    const guarded = WORLD.replace("    monthly_budget: 400\n", `    monthly_budget: 400\n${guards}`).replace(
      "        name: Book due\n",
      "        name: Book due\n        keeps: nothing\n",
    );
    await apply(guarded);
    expect(await service()).toMatchObject({
      repeatLimits: { same: 20, any: 0 },
      quietHours: { from: "21:00", until: "08:00" },
      ...{ suppressAfterFailures: 3, suppressesObjectors: true },
    });
    expect((await findCurrentTemplate(db, TEMPLATE))?.keeps).toBe("nothing");
    expect((await apply(guarded)).changes).toEqual([]);
    expect((await exportDeclaration(db, keys)).declaration).toMatchObject({
      services: [{ repeat_guard: { same_per_hour: 20 }, quiet_hours: { from: "21:00", until: "08:00" } }],
    });
    expect((await exportDeclaration(db, keys)).declaration).toMatchObject({
      services: [{ suppression: { after_failures: 3, objectors: true } }],
    });
    await apply(
      guarded
        .replace('{ from: "21:00", until: "08:00" }', "none")
        .replace("same_per_hour: 20", "same_per_hour: 0")
        .replace("after_failures: 3", "after_failures: none"),
    );
    expect(await service()).toMatchObject({ quietHours: undefined, suppressAfterFailures: undefined });
  });

  it("takes a budget away when the file says that there is none", async () => {
    const without = WORLD.replace("monthly_budget: 400", "monthly_budget: none");
    expect((await apply(without)).changes).toMatchObject([
      { kind: "service", before: { monthlyBudget: 400 }, after: { monthlyBudget: null } },
    ]);
    expect((await apply(without)).changes).toEqual([]);
    expect((await exportDeclaration(db, keys)).declaration).toMatchObject({ services: [{ monthly_budget: "none" }] });
  });

  it("has endpoints of several kinds, by id, and refuses to tell one address twice", async () => {
    const id = newRandomId();
    const of = (lines: string) =>
      `services:\n  - id: ${SERVICE}\n    name: Northwold Libraries\n    callbacks:\n${lines}`;
    const url = "https://systems.northwold.example/both";
    const both = (kinds: string, more = "") =>
      `      - { ${more}kinds: [${kinds}], url: "${url}", bearer_token: "\${TOKEN}" }\n`;
    await apply(of(both("complaint, received-text", `id: ${id}, `)));
    const told = async () => (await service()).callbacks.filter((one) => one.url === url);
    expect(await told()).toMatchObject([{ endpointId: id, kinds: ["received-text", "complaint"] }]);
    await apply(of(both("complaint", `id: ${id}, `)));
    expect(await told()).toMatchObject([{ endpointId: id, kinds: ["complaint"] }]);
    await expect(apply(of(both("complaint, returned-letter")))).rejects.toThrow(`give its id, ${id}`);
    await expect(async () => apply(of(both("")))).rejects.toThrow("must have a kind, or several kinds");
    expect((await service()).callbacks).toHaveLength(2);
    await db.query`update callbacks set replaced_at = now() where endpoint_id = ${id}`;
  });

  it("makes a new version of a template only when its text is another", async () => {
    await apply(WORLD.replace("is due on", "is due back on"));
    const versionOf = async () =>
      (await listTemplates(db, SERVICE, "sms")).find((t) => t.templateId === TEMPLATE)?.version;
    const version = await versionOf();
    await apply(WORLD.replace("is due on", "is due back on"));
    expect(await versionOf()).toBe(version);
    await apply(WORLD);
    expect(await versionOf()).toBe((version ?? 0) + 1);
  });

  it("replaces a callback with a new one and keeps its signing secret", async () => {
    const before = callbacksFor(await service(), "delivery-receipt")[0];
    const report = await apply(WORLD.replace("/receipts", "/news"));
    const after = callbacksFor(await service(), "delivery-receipt")[0];
    expect(report.changes).toHaveLength(1);
    expect(after?.id).not.toBe(before?.id);
    expect(after).toMatchObject({
      url: "https://systems.northwold.example/news",
      signingSecret: before?.signingSecret,
    });
  });

  it("leaves what the file does not name, and removes it when asked to", async () => {
    const smaller = WORLD.replace(/ {6}- \{ name: test, kind: test \}\n/, "").replace('"07700 900111", ', "");
    expect((await apply(smaller)).changes).toEqual([]);
    const pruned = await apply(smaller, { prunes: true });
    expect(pruned.changes.map(({ action, kind, name }) => `${action} ${kind} ${name}`)).toEqual([
      "removed API key test of Northwold Libraries",
      "updated guest list of Northwold Libraries",
    ]);
    expect((await service()).keys.find(({ name }) => name === "test")?.revokedAt).toBeInstanceOf(Date);
  });

  it("hands the default sender over without ever having two", async () => {
    const other = WORLD.replace("sender: Northwold, default: true", "sender: Northwold, default: false").replace(
      'sender: "07700900500"',
      'sender: "07700900500", default: true',
    );
    await apply(other);
    expect((await service()).textSenders.filter(({ isDefault }) => isDefault).map(({ sender }) => sender)).toEqual([
      "07700900500",
    ]);
  });

  it("keeps a password that is right and replaces one that is not", async () => {
    const before = await findUserByEmail(db, "ada@northwold.example");
    const report = await apply(WORLD, { env: { ...environment, ADA: "battery staple" } });
    const after = await findUserByEmail(db, "ada@northwold.example");
    expect(report.changes).toMatchObject([{ kind: "user", after: { password: "(another secret)" } }]);
    expect(after?.passwordHash).not.toBe(before?.passwordHash);
  });

  it("writes who changed what, without a secret or a recipient", async () => {
    await apply(WORLD.replace("sms_per_day: 500", "sms_per_day: 900"));
    const entries = await listAuditEntries(db, { limit: 1_000 });
    expect(entries[0]).toMatchObject({
      actor: "pennypost apply",
      action: "service.updated",
      serviceId: SERVICE,
      before: { dailyLimitSms: 500 },
      after: { dailyLimitSms: 900 },
    });
    const everything = JSON.stringify(entries);
    for (const hidden of [SECRET, "a-bearer-token", "correct horse", "900111", "BEGIN PRIVATE", '"pw"']) {
      expect(everything).not.toContain(hidden);
    }
  });

  it("does not rename an SMPP account, and says so", async () => {
    const [account] = await listSmppAccounts(db, SERVICE);
    const renamed = (systemId: string) =>
      apply(WORLD.replace("{ system_id: northwold,", `{ id: ${account?.id}, system_id: ${systemId},`));
    expect((await renamed("northwold")).changes).toEqual([]);
    await expect(renamed("northwold-2")).rejects.toThrow("system_id cannot change from northwold");
  });

  it("changes nothing here when what it exported is applied, and makes the same elsewhere", async () => {
    const { declaration, secrets } = await exportDeclaration(db, keys);
    const file = stringify(declaration);
    for (const value of Object.values(secrets)) expect(file).not.toContain(value);
    expect((await apply(file, { prunes: true, env: secrets })).changes).toEqual([]);

    const elsewhere = await createTestDatabase();
    const other = connect(elsewhere.url);
    const copy = readDeclaration(parseFile(file, { name: "export.yaml", environment: secrets }));
    await applyDeclaration(other, keys, { declaration: copy, actor: "test", prunes: false, isDryRun: false });
    const [here, there] = [await exportDeclaration(db, keys), await exportDeclaration(other, keys)];
    await other.close();
    await elsewhere.drop();
    expect(there).toEqual(here);
  });
});

const PRINTER =
  "providers:\n  - name: p\n    channel: letter\n    kind: print-http\n    settings: { url: 'https://printer.example' }\n";

describe("a file that is wrong", () => {
  const cases: [what: string, file: string, refusal: string][] = [
    [
      "an unknown field",
      "services:\n  - name: A\n    colour: red\n",
      "world.yaml:3: services.0.colour is not known here",
    ],
    [
      "a missing field",
      "services:\n  - name: A\n    keys:\n      - name: k\n",
      "world.yaml:4: services.0.keys.0.kind is missing",
    ],
    [
      "a wrong word",
      "services:\n  - name: A\n    text_mode: gms\n",
      'world.yaml:3: services.0.text_mode must be gsm or unicode, not "gms"',
    ],
    [
      "a number that lost its quotes",
      "services:\n  - name: A\n    inbound_numbers:\n      - number: 07700900500\n",
      "world.yaml:4: services.0.inbound_numbers.0.number must be a text: put it in quotes",
    ],
    [
      "a reference to nothing",
      `services:\n  - name: A\n    keys: [{ name: k, kind: live, secret: "\${NOT_THERE}" }]\n`,
      "NOT_THERE}, which is not set in the environment",
    ],
    [
      "a guest that is none",
      'services:\n  - name: A\n    guest_list:\n      - "12"\n',
      "world.yaml:4: services.0.guest_list.0 must be a phone number in quotes, or an email address",
    ],
    ["no YAML", "services:\n  - name: [A\n", "world.yaml:"],
    [
      "a provider's misspelt setting",
      "providers:\n  - name: a\n    channel: sms\n    kind: smpp\n    settings:\n      host: h\n      port: 1\n      systemID: x\n",
      "world.yaml:5: providers.0.settings.systemId is missing",
    ],
    [
      "a provider's port in words",
      "providers:\n  - name: a\n    channel: sms\n    kind: smpp\n    settings:\n      host: h\n      port: many\n      systemId: x\n",
      "world.yaml:7: providers.0.settings.port must be a port",
    ],
    [
      "a budget with pence",
      "services:\n  - name: A\n    monthly_budget: 9.99\n",
      "world.yaml:3: services.0.monthly_budget must be a whole number from 1 to 10000000",
    ],
    [
      "a text with a subject",
      "services:\n  - name: A\n    templates:\n      - channel: sms\n        name: t\n        subject: s\n        body: b\n",
      "world.yaml:6: services.0.templates.0.subject cannot be",
    ],
    [
      "a route to nobody",
      "routes:\n  - provider: nobody\n    key_kinds: [live]\n",
      "world.yaml:2: routes.0.provider is not the name of a provider",
    ],
    [
      "a country's order, which was",
      'country_orders:\n  - { country: "33", providers: [a] }\n',
      "world.yaml:1: country_orders is gone: write a route",
    ],
    [
      "a route at no time",
      "routes:\n  - provider: a\n    key_kinds: [live]\n    times: [always]\n",
      'world.yaml:4: routes.0.times.0 must be days and times, such as "mon-fri 08:00-20:00"',
    ],
    [
      "a route for a service nobody knows",
      `${PRINTER}routes:\n  - provider: p\n    key_kinds: [live]\n    services: [Nobody]\n`,
      "routes.0.services.0 is not the id or name of a service",
    ],
    [
      "a printer's route by country",
      `${PRINTER}routes:\n  - provider: p\n    key_kinds: [live]\n    countries: ["33"]\n`,
      "routes.0.countries cannot be asked of a route for channel letter",
    ],
    [
      "a price as a binary fraction",
      "providers:\n  - name: a\n    channel: sms\n    kind: smpp\n    settings: {}\n    prices:\n      '33': 0.031\n",
      "world.yaml:7: providers.0.prices.33 must be a text: put it in quotes",
    ],
    [
      "a price for no country",
      "providers:\n  - name: a\n    channel: sms\n    kind: smpp\n    settings: {}\n    prices:\n      '999': '0.031'\n",
      "world.yaml:7: providers.0.prices.999 is not a country's calling code, nor one with a network's code behind it (\"372 24801\")",
    ],
    [
      "a thing twice",
      "organisations:\n  - name: A\n  - name: A\n",
      "world.yaml:3: organisations.1 is in the list twice",
    ],
  ];

  beforeAll(async () => {
    database = await createTestDatabase();
    db = connect(database.url);
  });

  afterAll(async () => {
    await db.close();
    await database.drop();
  });

  it.each(cases)("with %s is refused with its place, and writes nothing", async (_, file, refusal) => {
    const attempt = async () => apply(file);
    await expect(attempt()).rejects.toMatchObject({ name: "Refusal", message: expect.stringContaining(refusal) });
    const exported = await exportDeclaration(db, keys);
    expect(exported.declaration).toMatchObject({ organisations: [], services: [], providers: [] });
  });
});
