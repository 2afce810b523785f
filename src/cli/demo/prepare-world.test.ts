import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createTestDatabase, type TestDatabase } from "../../../test/support/database.ts";
import { readConfig } from "../../config.ts";
import { type Database, openDatabase } from "../../platform/db.ts";
import { newMasterKeyText, parseMasterKey } from "../../platform/sealing.ts";
import { parseFullApiKey } from "../../records/api-keys/api-key.ts";
import { listProviders } from "../../records/providers/provider-store.ts";
import { findSandboxCredentials } from "../../records/providers/provider-write-store.ts";
import { listRoutes } from "../../records/routes/route-store.ts";
import { findService } from "../../records/services/service-store.ts";
import { findCurrentTemplate } from "../../records/templates/template-store.ts";
import { verifyPassword } from "../../records/users/password.ts";
import { findUserByEmail } from "../../records/users/user-store.ts";
import { deriveKeys } from "../connect.ts";
import { prepareWorld } from "./prepare-world.ts";

const master = parseMasterKey(newMasterKeyText());
if (!master) throw new Error("no key");
const keys = deriveKeys(master);

let database: TestDatabase;
let db: Database;
let dataDir: string;

const configured = (ports: Record<string, string> = {}) =>
  readConfig({ PENNYPOST_DATA_DIR: dataDir, PENNYPOST_PORT: "6080", ...ports });
const prepare = (demo?: boolean, config = configured()) => prepareWorld({ db, keys }, { config, demo });

describe("prepareWorld", () => {
  beforeEach(async () => {
    dataDir = mkdtempSync(join(tmpdir(), "pennypost-demo-"));
    database = await createTestDatabase();
    db = openDatabase({ url: database.url, maxConnections: 3, applicationName: "test" });
  });

  afterEach(async () => {
    await db.close();
    await database.drop();
    rmSync(dataDir, { recursive: true });
  });

  it("makes a world whose keys, templates and administrator are the ones it names", async () => {
    const world = await prepare();
    if (!world) throw new Error("no world was made");
    const service = await findService(db, keys, world.serviceId);
    expect(service).toMatchObject({ name: "Northwold Libraries", isTrial: false });
    for (const kind of ["test", "team", "live"] as const) {
      const stored = service?.keys
        .find((key) => key.kind === kind)
        ?.secret.export()
        .toString();
      expect(parseFullApiKey(world.keys[kind])).toEqual({ serviceId: world.serviceId, secret: stored });
    }
    for (const channel of ["sms", "email", "letter"] as const) {
      expect(await findCurrentTemplate(db, world.templates[channel])).toMatchObject({ channel });
    }
    const admin = await findUserByEmail(db, world.admin.email);
    expect(admin?.isPlatformAdmin).toBe(true);
    expect(await verifyPassword(admin?.passwordHash ?? "", world.admin.password)).toBe(true);
  });

  it("writes what a newcomer needs where only its owner reads it", async () => {
    const world = await prepare();
    const file = join(dataDir, "demo.json");
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const written = JSON.parse(readFileSync(file, "utf8"));
    expect(written).toEqual({
      api_url: "http://127.0.0.1:6080",
      admin_url: "http://127.0.0.1:6080",
      service_id: world?.serviceId,
      keys: world?.keys,
      templates: world?.templates,
      admin: world?.admin,
    });
  });

  it("sends everything to the sandbox, which knows the same password", async () => {
    await prepare();
    expect((await listRoutes(db)).map(({ provider, keyKinds }) => [provider, keyKinds])).toEqual([
      ["sandbox-carrier", ["live", "team", "test"]],
      ["sandbox-chats", ["live", "team", "test"]],
      ["sandbox-mailbox", ["live", "team", "test"]],
      ["sandbox-print-shop", ["live", "team", "test"]],
    ]);
    const credentials = await findSandboxCredentials(db, keys.master);
    const carrier = (await listProviders(db, keys.master)).find(({ kind }) => kind === "smpp");
    expect(credentials?.password).toHaveLength(32);
    expect(carrier?.secrets).toEqual({ password: credentials?.password });
  });

  it("makes no second world, and changes nothing at the next start but the ports that moved", async () => {
    await prepare();
    const before = await listProviders(db, keys.master);
    expect(await prepare()).toBeUndefined();
    expect(await listProviders(db, keys.master)).toEqual(before);
    await prepare(
      undefined,
      configured({
        PENNYPOST_SANDBOX_CARRIER_PORT: "7001",
        PENNYPOST_SANDBOX_MAILBOX_PORT: "7002",
        PENNYPOST_SANDBOX_PRINT_SHOP_PORT: "7003",
        PENNYPOST_SANDBOX_RECEIVER_PORT: "7004",
      }),
    );
    const after = await listProviders(db, keys.master);
    expect(after.map(({ settings }) => settings["port"] ?? settings["url"])).toEqual([
      ...[7001, "http://127.0.0.1:7004/chats", 7002],
      "http://127.0.0.1:7003/letters",
    ]);
    expect(after.map(({ secrets }) => secrets)).toEqual(before.map(({ secrets }) => secrets));
    expect((await listRoutes(db))[0]?.keyKinds).toEqual(["live", "team", "test"]);
  });

  it("without a demonstration lets only test keys reach the sandbox", async () => {
    expect(await prepare(false)).toBeUndefined();
    expect((await listRoutes(db)).map(({ keyKinds }) => keyKinds)).toEqual([["test"], ["test"], ["test"], ["test"]]);
  });
});
