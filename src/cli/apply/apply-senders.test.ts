import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { createTestDatabase, type TestDatabase } from "../../../test/support/database.ts";
import { type Database, openDatabase } from "../../platform/db.ts";
import { newId } from "../../platform/ids.ts";
import { deriveKey, newMasterKeyText, parseMasterKey } from "../../platform/sealing.ts";
import { findOrMakeDeployment } from "../../records/deployment/deployment-store.ts";
import { listAllKeywords } from "../../records/inbound-numbers/keyword-store.ts";
import { getReplySettings } from "../../records/replies/reply-settings-store.ts";
import { listCountryRules } from "../../records/senders/country-rule-store.ts";
import { listServices } from "../../records/services/service-settings-store.ts";
import { findService } from "../../records/services/service-store.ts";
import { exportDeclaration } from "../export.ts";
import { applyDeclaration } from "./apply.ts";
import { readDeclaration } from "./declaration.ts";
import { parseFile } from "./parse-file.ts";

const WORLD = `
organisations: [{ name: Northwold Council }, { name: Fenland Council }]
services:
  - name: Libraries
    organisation: Northwold Council
    text_senders:
      - { sender: Northwold, default: true, registered_in: ["372", "33"] }
      - { sender: "+12025550123" }
    reply_tos: [{ address: desk@northwold.example }]
    inbound_numbers: [{ number: "07700900500" }]
    replies: { stop_words: [Stop, Halt], help_answer: Ring us, start_answer: none, forward_to: [desk@northwold.example] }
    sender_pools:
      - { name: Both, senders: [Northwold, "+12025550123"], default: true, sticky: false }
  - name: Drains
    organisation: Fenland Council
  - name: Parks
    organisation: Northwold Council
sender_approval: true
sender_rules:
  - { country: "372", types: [alphanumeric], registered_only: true, requirements: A letter }
  - { country: "33", signature: true }
protected_names:
  - { name: Fenbank, covers_longer: true, organisations: [Fenland Council], services: [Libraries] }
inbound_keywords:
  - { number: "07700900500", keyword: Park & ride, service: Parks }
shared_senders:
  - { organisation: Northwold Council, sender: "60006", services: [Libraries], registered_in: ["353"] }
`;

const master = parseMasterKey(newMasterKeyText());
if (!master) throw new Error("a new master key cannot be read");
const keys = { master, searchIndex: deriveKey(master, "search index") };
let database: TestDatabase;
let db: Database;
beforeAll(async () => {
  database = await createTestDatabase();
  db = openDatabase({ url: database.url, maxConnections: 2, applicationName: "apply senders" });
  await findOrMakeDeployment(db, { id: newId(), masterKeyFingerprint: master.fingerprint });
  await apply(WORLD);
});
afterAll(async () => {
  await db.close();
  await database.drop();
});

async function apply(text: string, { prunes = false } = {}) {
  const declaration = readDeclaration(parseFile(text, { name: "file.yaml", environment: {} }));
  return applyDeclaration(db, keys, { declaration, actor: "test", prunes, isDryRun: false });
}

async function service(name: string) {
  const row = (await listServices(db)).find((one) => one.name === name);
  const found = row && (await findService(db, keys, row.id));
  if (!found) throw new Error("no such service");
  return found;
}

describe("senders in a file", () => {
  it("are as the flow reads them", async () => {
    const libraries = await service("Libraries");
    expect(libraries.textSenders).toMatchObject([
      { sender: "Northwold", isDefault: true, isShared: false, registeredCountries: ["33", "372"] },
      { sender: "+12025550123", registeredCountries: [] },
      { sender: "60006", isShared: true, registeredCountries: ["353"] },
    ]);
    expect(libraries.senderPools).toMatchObject([{ name: "Both", isDefault: true, isSticky: false }]);
    expect(await getReplySettings(db, libraries.id)).toMatchObject({
      ...{ isOn: true, words: { stop: ["Stop", "Halt"], start: [] } },
      ...{ answers: { stop: undefined, start: "", help: "Ring us" }, forwardTo: ["desk@northwold.example"] },
    });
    expect(await listAllKeywords(db)).toMatchObject([{ keyword: "PARK RIDE", serviceName: "Parks" }]);
    expect(libraries.senderRules.get("372")).toMatchObject({ senderTypes: ["alphanumeric"], registeredOnly: true });
  });

  it("change nothing the second time, nor when what was exported is applied", async () => {
    expect((await apply(WORLD, { prunes: true })).changes).toEqual([]);
    const { declaration } = await exportDeclaration(db, keys);
    expect((await apply(stringify(declaration), { prunes: true })).changes).toEqual([]);
  });

  it("say what a country asks for, until they say none", async () => {
    const asked = async () =>
      (await listCountryRules(db)).find(({ countryPrefix }) => countryPrefix === "372")?.requirements;
    expect(await asked()).toBe("A letter");
    await apply('sender_rules: [{ country: "372", requirements: none }]');
    expect(await asked()).toBe("");
    await apply(WORLD);
    expect(await asked()).toBe("A letter");
  });

  it.each([
    [
      "a short code of another organisation",
      'services: [{ name: Drains, text_senders: [{ sender: "60006" }] }]',
      "is a short code that another organisation uses",
    ],
    [
      "a shared sender for a service elsewhere",
      'shared_senders: [{ organisation: Northwold Council, sender: "60006", services: [Drains] }]',
      "is not a service of the organisation",
    ],
    [
      "a pool of a sender that is not there",
      "services: [{ name: Libraries, sender_pools: [{ name: Both, senders: [Northwold, Nobody] }] }]",
      "is not a text sender of the service",
    ],
    [
      "a keyword for a service elsewhere",
      'inbound_keywords: [{ number: "07700900500", keyword: Drain, service: Drains }]',
      "is not one service of the organisation",
    ],
    [
      "an address that nobody has proven",
      "services: [{ name: Libraries, replies: { forward_to: [stranger@example.com] } }]",
      "Choose up to 10 of these addresses",
    ],
    ["a country that is none", 'sender_rules: [{ country: "999" }]', "must be a country's calling code"],
    ["a sender that is none", 'services: [{ name: Drains, text_senders: [{ sender: "to!" }] }]', "must be a name"],
  ])("are refused: %s", async (_, text, message) => {
    await expect(apply(text)).rejects.toThrow(message);
  });

  it("are removed where the file no longer names them and may prune", async () => {
    const { changes } = await apply("shared_senders: []\nsender_rules: []\nprotected_names: []", { prunes: true });
    expect(changes.map(({ action, kind }) => [action, kind])).toEqual([
      ["removed", "sender rule"],
      ["removed", "sender rule"],
      ["removed", "protected name"],
      ["removed", "shared sender"],
    ]);
    expect((await service("Libraries")).textSenders.map(({ sender }) => sender)).toEqual(["Northwold", "+12025550123"]);
  });
});
