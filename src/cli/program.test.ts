import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough, Readable } from "node:stream";
import { gunzipSync, gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startApi, type TestApi } from "../../test/support/api.ts";
import { createEmptyDatabase, createTestDatabase, type TestDatabase } from "../../test/support/database.ts";
import { pngOf } from "../../test/support/pictures.ts";
import { createWorldIn, type World, type WorldService } from "../../test/support/world.ts";
import { openBlobs } from "../platform/blobs.ts";
import { newId } from "../platform/ids.ts";
import { fullApiKey } from "../records/api-keys/api-key.ts";
import { moveStatus } from "../records/notifications/notification-store.ts";
import { findService } from "../records/services/service-store.ts";
import { insertFactor, listFactors } from "../records/sign-in/factor-store.ts";
import { verifyPassword } from "../records/users/password.ts";
import { findUserByEmail } from "../records/users/user-store.ts";
import { sandboxScanner } from "../sandbox/scanner/sandbox-scanner.ts";
import { createProgram, type StartOptions } from "./program.ts";

interface Ran {
  status: number;
  out: string;
  problem: string;
  json(): Record<string, unknown>;
}

let folder: string;
let database: TestDatabase;
let world: World;
let service: WorldService;
let api: TestApi;
const started: StartOptions[] = [];

/** Runs one command line as main does; a refusal is what it would print. */
async function run(
  args: string[],
  options: { stdin?: string; environment?: Record<string, string> } = {},
): Promise<Ran> {
  const output = { out: "", problem: "" };
  const capture = (name: keyof typeof output) =>
    new PassThrough().on("data", (chunk: Buffer) => {
      output[name] += chunk.toString();
    });
  const program = createProgram({
    environment: {
      PENNYPOST_DATA_DIR: join(folder, "data"),
      DATABASE_URL: database.url,
      PENNYPOST_MASTER_KEY: world.app.keys.master.bytes.toString("base64"),
      PENNYPOST_API_ORIGIN: api.url,
      PENNYPOST_LOG_LEVEL: "silent",
      ...options.environment,
    },
    stdin: Readable.from([options.stdin ?? ""]),
    stdout: capture("out"),
    stderr: capture("problem"),
    sandboxScanner,
    start: async (given) => {
      started.push(given);
      return 0;
    },
  });
  const status = await program.run(args).catch((error: Error) => {
    output.problem += error.message;
    return 1;
  });
  return { status, ...output, json: () => JSON.parse(output.out) };
}

const keyOf = (kind: "live" | "test" = "live") => fullApiKey(kind, service.id, service.secrets[kind]);

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "pennypost-cli-"));
  database = await createTestDatabase();
  world = await createWorldIn(database);
  service = await world.service({ name: "Northwold Libraries" });
  api = await startApi(world.app);
});

afterAll(async () => {
  await api.close();
  await world.close();
  rmSync(folder, { recursive: true });
});

describe("pennypost start", () => {
  it.each([
    [["start"], {}],
    [["start", "--roles", "web,worker"], { roles: ["web", "worker"] }],
    [["start", "--no-demo"], { demo: false }],
    [["start", "--demo"], { demo: true }],
  ])("%j is handed on as %j", async (args, expected) => {
    expect((await run(args)).status).toBe(0);
    expect(started.at(-1)).toEqual(expected);
  });

  it("says what is wrong with a command line that is none", async () => {
    const ran = await run(["stat"]);
    expect(ran).toMatchObject({ status: 1, problem: expect.stringContaining("unknown command 'stat'") });
  });
});

describe("pennypost apply and export", () => {
  const file = () => join(folder, "world.yaml");

  it("prints what it changed and the keys it made, once", async () => {
    writeFileSync(file(), "services:\n  - name: Parking\n    keys: [{ name: live, kind: live }]\n");
    const first = await run(["apply", file()]);
    expect(first.out).toContain("+ service Parking\n+ API key live of Parking\nDone: 2 created");
    expect(first.out).toMatch(/API key live of Parking: live-[0-9a-f-]{36}-[0-9a-f-]{36}\n/);
    const second = await run(["apply", file()]);
    expect(second.out).toBe("Done: 0 created, 0 updated, 0 removed, 2 as they were.\n");
  });

  it("shows a dry run's differences, and reads standard input", async () => {
    const stdin = "services:\n  - name: Parking\n    limits: { sms_per_day: 7 }\n";
    const ran = await run(["apply", "-", "--dry-run"], { stdin });
    expect(ran.out).toContain("~ service Parking\n    dailyLimitSms: 250000 → 7\nNothing was changed.");
    const json = (await run(["apply", "-", "--dry-run", "--json"], { stdin })).json();
    expect(json).toMatchObject({ dry_run: true, changes: [{ action: "updated", kind: "service" }] });
  });

  it("refuses a wrong file in one line that names the place", async () => {
    const ran = await run(["apply", "-"], { stdin: "services:\n  - nam: Parking\n" });
    expect(ran).toMatchObject({ status: 1, out: "" });
    expect(ran.problem).toMatch(/^standard input:2: services\.0\.nam is not known here[^\n]*$/);
    expect((await run(["apply", join(folder, "none.yaml")])).problem).toMatch(/^Cannot read .*none\.yaml: ENOENT$/);
  });

  it("takes files from beside the file that names them, and writes them beside an export", async () => {
    writeFileSync(join(folder, "logo.png"), pngOf(400, 108));
    writeFileSync(
      file(),
      "services:\n  - name: Parking\n    email_brand: { logo: logo.png, alternative_text: Parking }\n",
    );
    expect((await run(["apply", file()])).out).toContain("+ email brand of Parking\n");
    const without = await run(["export"]);
    expect(without.problem).toBe("Logos and files left out: 1. --files FOLDER writes them\n");
    expect(without.out).not.toContain("email_brand: files");
    const { out, problem } = await run(["export", "--files", join(folder, "out", "files")]);
    expect(problem).toBe("");
    expect(out).toContain("logo: files/parking/email-logo.png\n");
    expect(readFileSync(join(folder, "out", "files", "parking", "email-logo.png"))).toEqual(pngOf(400, 108));
  });

  it("exports a file and its secrets that change nothing when they are applied", async () => {
    const secrets = join(folder, "secrets.env");
    writeFileSync(file(), (await run(["export", "--secrets", secrets])).out);
    expect(statSync(secrets).mode & 0o777).toBe(0o600);
    const lines = readFileSync(secrets, "utf8").trim().split("\n");
    const environment = Object.fromEntries(lines.map((line) => line.split(/='|'$/).slice(0, 2)));
    const ran = await run(["apply", file(), "--prune"], { environment });
    expect(ran.out).toMatch(/^Done: 0 created, 0 updated, 0 removed/);
  });
});

describe("pennypost user", () => {
  it("adds the first administrator with a password that is printed once", async () => {
    const ran = await run([
      "user",
      "create",
      "--email",
      "ada@northwold.example",
      "--name",
      "Ada",
      "--platform-admin",
      "--json",
    ]);
    const user = await findUserByEmail(world.app.db, "ada@northwold.example");
    expect(user).toMatchObject({ name: "Ada", isPlatformAdmin: true });
    expect(user?.passwordHash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(await verifyPassword(user?.passwordHash ?? "", String(ran.json()["password"]))).toBe(true);
  });

  it("refuses the same address again, and a password that is too short", async () => {
    const again = ["user", "create", "--email", "ADA@northwold.example", "--name", "Ada"];
    expect((await run(again)).problem).toContain("is a user already");
    const short = await run(["user", "reset", "ada@northwold.example", "--password-stdin"], { stdin: "short\n" });
    expect(short).toMatchObject({ status: 1, problem: "Password must be at least 8 characters" });
  });

  it("lets a locked-out administrator in with a password from standard input", async () => {
    const ran = await run(["user", "reset", "ada@northwold.example", "--password-stdin"], {
      stdin: "a new password\n",
    });
    expect(ran.out).toBe("ada@northwold.example has a new password, and is signed out everywhere.\n");
    const user = await findUserByEmail(world.app.db, "ada@northwold.example");
    expect(await verifyPassword(user?.passwordHash ?? "", "a new password")).toBe(true);
    expect((await run(["user", "list"])).out).toContain("ada@northwold.example, Ada, platform administrator");
  });

  it("takes second factors away only when it is told to", async () => {
    const { db } = world.app;
    const userId = (await findUserByEmail(db, "ada@northwold.example"))?.id ?? "";
    await db.transaction((tx) => insertFactor(tx, { userId, kind: "email-link", now: new Date() }));
    const args = ["user", "reset", "ada@northwold.example", "--password-stdin"];
    await run(args, { stdin: "another password\n" });
    expect(await listFactors(db, userId)).toEqual(["email-link"]);
    const ran = await run([...args, "--remove-second-factors"], { stdin: "yet another password\n" });
    expect(ran.out).toContain("Their second factors are gone");
    expect(await listFactors(db, userId)).toEqual([]);
  });
});

describe("pennypost audit", () => {
  it("prints entries as they were made, a line each, and goes on from the last that was read", async () => {
    const ids = [3, 2, 1].map((minutes) => newId(new Date(Date.now() - minutes * 60_000)));
    for (const id of ids)
      await world.app.db.query`
        insert into audit_log (id, actor, action, subject, after, ip_address)
        values (${id}, 'a watcher', 'sign-in.failed', 'user', '{"tries": 3}', '192.0.2.1')`;
    const read = async (...args: string[]) => {
      const lines = (await run(["audit", ...args])).out.split("\n");
      return lines.flatMap((line) => (line ? [JSON.parse(line)] : [])).filter(({ actor }) => actor === "a watcher");
    };
    const all = await read();
    expect(all.map(({ id }) => id)).toEqual(ids);
    expect(all[0]).toEqual({
      ...{ id: ids[0], time: expect.any(String), action: "sign-in.failed", subject: "user", actor: "a watcher" },
      ...{ ip_address: "192.0.2.1", service_id: null, before: null, after: { tries: 3 } },
    });
    expect((await read("--after", ids[1] ?? "")).map(({ id }) => id)).toEqual([ids[2]]);
  });

  it.each([
    [["--after", "yesterday"], "--after is the id of an entry, a UUID"],
    [["--days", "-1"], "--days is a whole number from 0 to 3650"],
  ])("refuses %j in words", async (args, problem) => {
    expect(await run(["audit", ...args])).toMatchObject({ status: 1, problem: expect.stringContaining(problem) });
  });
});

describe("pennypost route", () => {
  const FILE = `
providers:
  - { name: fen, channel: sms, kind: smpp, settings: { host: 127.0.0.1, port: 1, systemId: us }, secrets: { password: p }, currency: EUR, prices: { "372": "0.03" } }
routes:
  - { provider: fen, key_kinds: [live] }
  - { name: otp, provider: fen, key_kinds: [live], countries: ["372"], priorities: [high], position: 1 }
`;

  it("says which way a text would go, and of every route why or why not", async () => {
    await run(["apply", "-"], { stdin: FILE });
    const plain = await run(["route", "+372 5550 0123"]);
    expect([plain.status, plain.out.split("\n")]).toEqual([
      0,
      [
        "A text to Estonia (+372): fen, to fen",
        "  1 otp (fen): not for this priority; €0.03 (no exchange rate) a part",
        "* 100 fen (fen): the only route for such a message; €0.03 (no exchange rate) a part",
        "",
      ],
    ]);
    const urgent = await run(["route", "+372 5550 0123", "--priority", "high", "--service", service.id, "--json"]);
    expect(urgent.json()).toMatchObject({
      ...{ country: "372", international: true, route: "otp", provider: "fen", why: "order" },
      currency: "GBP",
      routes: [
        { verdict: "chosen", charged: { amount: "0.03", currency: "EUR" }, charged_at_home: null },
        { name: "fen", verdict: "later", words: "another comes first" },
      ],
    });
  });

  it("fails where there is no way, and refuses what is no question", async () => {
    expect(await run(["route", "+33 6 12 34 56 78", "--key", "team"])).toMatchObject({
      status: 1,
      out: expect.stringContaining("no route takes it"),
    });
    for (const args of [["12"], ["+372 5550 0123", "--priority", "urgent"], ["+372 5550 0123", "--service", "Nobody"]])
      expect((await run(["route", ...args])).problem).toMatch(/\w/);
  });
});

describe("pennypost send and status", () => {
  it("sends through the running API, and tells what became of it", async () => {
    const template = await world.template(service, { body: "Hello ((name))" });
    const args = ["send", "sms", "--to", "07700 900123", "--template", template.templateId, "--key", keyOf("test")];
    const sent = (await run([...args, "--personalisation", "name=Ada Lowe", "--json"])).json();
    expect(sent).toMatchObject({ status: "created", body: expect.stringContaining("Hello Ada Lowe") });
    expect((await run([...args])).problem).toContain("answered 400: BadRequestError: Missing personalisation: name");

    const status = await run(["status", String(sent["id"])]);
    expect(status.out).toMatch(new RegExp(`^${sent["id"]} sms created\n {2}\\S+ accepted\n$`));
    expect(status.out).not.toContain("900123");
    expect((await run(["status", "--key", keyOf("test"), String(sent["id"])])).out).toContain("sms created");
  });

  it("looks numbers up, and fails where one cannot be sent to", async () => {
    const good = await run(["lookup", "--key", keyOf("test"), "07700 900123", "+372 5123 4567"]);
    expect([good.status, good.out.split("\n")]).toEqual([
      0,
      ["07700 900123: +447700900123, mobile, United Kingdom", "+372 5123 4567: +37251234567, mobile, Estonia", ""],
    ]);
    const wrong = await run(["lookup", "--key", keyOf("test"), "12", "--json"]);
    expect([wrong.status, wrong.json()]).toMatchObject([1, { lookups: [{ is_valid: false, reason: "too-short" }] }]);
  });

  it("waits for the end when asked to, and fails when it is a failure", async () => {
    const template = await world.template(service, { body: "Hello" });
    const args = ["send", "sms", "--to", "07700900123", "--template", template.templateId, "--key", keyOf("test")];
    const waiting = run([...args, "--reference", "awaited", "--wait", "--json"]);
    const found = async () =>
      (await world.app.db.query<{ id: string }>`select n.id from notifications n where n.reference = 'awaited'`)[0]?.id;
    await expect.poll(found).toBeDefined();
    const ids = [String(await found())];
    await world.app.db.transaction((tx) =>
      moveStatus(tx, { ids, to: "permanent-failure", from: ["created"], at: new Date() }),
    );
    const ran = await waiting;
    expect(ran.json()).toMatchObject({ status: "permanent-failure" });
    expect(ran.status).toBe(1);
  });

  it("says so when nothing answers, and when a key is none", async () => {
    const args = ["send", "sms", "--to", "07700900123", "--template", service.id];
    const away = { PENNYPOST_API_ORIGIN: "http://127.0.0.1:1" };
    expect((await run([...args, "--key", keyOf()], { environment: away })).problem).toBe(
      "Nothing answers at http://127.0.0.1:1: is Pennypost started?",
    );
    expect((await run([...args, "--key", "nonsense"])).problem).toContain("not a whole API key");
    expect((await run(args)).problem).toContain("An API key is needed");
  });

  it("shows the installation", async () => {
    const json = (await run(["status", "--json"])).json();
    expect(json).toMatchObject({ state: "running", partitions: [{ parent: "callback_attempts" }, {}, {}] });
  });
});

describe("pennypost doctor", () => {
  it("finds an installation well but for what nobody has set up yet", async () => {
    const ran = await run(["doctor", "--json"]);
    const findings = ran.json() as unknown as { about: string; verdict: string }[];
    const verdictOf = (about: string) => findings.find((finding) => finding.about === about)?.verdict;
    expect(ran.status).toBe(findings.some(({ verdict }) => verdict === "fail") ? 1 : 0);
    for (const about of ["Node", "disk", "master key", "database", "migrations", "partitions of notifications"]) {
      expect([about, verdictOf(about)]).toEqual([about, "ok"]);
    }
  });

  it("names another master key, a provider that is away and a callback without encryption", async () => {
    const stdin = `
providers:
  - { name: away, channel: sms, kind: smpp, settings: { host: 127.0.0.1, port: 1, systemId: x }, secrets: { password: p } }
sending_domains: [{ domain: notices.northwold.example }]
services:
  - name: Parking
    callbacks: [{ kind: delivery-receipt, url: "http://parking.example/receipts", bearer_token: a-long-token }]
`;
    expect((await run(["apply", "-"], { stdin })).status).toBe(0);
    const { out, status } = await run(["doctor"]);
    expect(status).toBe(1);
    expect(out).toContain("WARN  provider away: no route leads to it");
    expect(out).toContain("FAIL  callback delivery-receipt of Parking: parking.example is plain HTTP");
    expect(out).toContain("pennypost._domainkey.notices.northwold.example TXT v=DKIM1; k=rsa; p=");
    await run(["apply", "-"], { stdin: "routes: [{ provider: away, key_kinds: [live] }]" });
    expect((await run(["doctor"])).out).toContain("FAIL  provider away: 127.0.0.1:1 does not answer (ECONNREFUSED)");
    const other = { PENNYPOST_MASTER_KEY: Buffer.alloc(32, 7).toString("base64") };
    expect((await run(["doctor"], { environment: other })).out).toContain(
      "FAIL  master key: this database was sealed with another",
    );
    expect((await run(["user", "list"], { environment: other })).problem).toContain("sealed with another master key");
  });
});

describe("pennypost backup and restore", () => {
  const file = () => join(folder, "backup.tar.gz");
  const filesIn = (name: string) => openBlobs({ kind: "folder", path: join(folder, name) });

  it("puts everything into one file and back into an empty database, and proves it", async () => {
    const template = await world.template(service, { body: "Hello ((name))" });
    for (let count = 0; count < 25; count++) {
      await world.notification(service, {
        template,
        personalisation: { name: `Ада ${count}\t\\N\n` },
        status: "delivered",
      });
    }
    await (await filesIn("kept")).put("documents/0a/one", Buffer.from("sealed contents"));
    const kept = { PENNYPOST_FILE_STORE: join(folder, "kept") };
    const written = (await run(["backup", file(), "--json"], { environment: kept })).json();
    expect(written).toMatchObject({ has_master_key: false, rows: expect.any(Number), files: 1 });
    expect(statSync(file()).mode & 0o777).toBe(0o600);
    expect((await run(["backup", file()])).problem).toContain("is there already");

    const empty = await createEmptyDatabase();
    const environment = { DATABASE_URL: empty.url, PENNYPOST_FILE_STORE: join(folder, "restored") };
    const restored = await run(["restore", file()], { environment });
    expect(restored.out).toMatch(
      new RegExp(`^${written["tables"]} tables, ${written["rows"]} rows, 1 files, nothing missing\\.`),
    );
    expect(await (await filesIn("restored")).find("documents/0a/one")).toEqual(Buffer.from("sealed contents"));
    const copy = await createWorldIn(empty);
    const counts = (db: World["app"]["db"]) =>
      db.query<{
        parent: string;
        rows: number;
      }>`select n.tableoid::regclass::text as parent, count(*) as rows from notifications n group by 1`;
    expect(await counts(copy.app.db)).toEqual(await counts(world.app.db));
    expect((await findService(copy.app.db, world.app.keys, service.id))?.keys).toHaveLength(3);

    expect((await run(["restore", file()], { environment })).problem).toContain("The database is not empty");
    await copy.close();
  });

  it("keeps nothing of a backup that was changed", async () => {
    const archive = gunzipSync(readFileSync(file()));
    const at = archive.indexOf("Northwold Libraries");
    expect(at).toBeGreaterThan(0);
    archive.write("S", at);
    const damaged = join(folder, "damaged.tar.gz");
    writeFileSync(damaged, gzipSync(archive));
    const empty = await createEmptyDatabase();
    const environment = { DATABASE_URL: empty.url };
    expect((await run(["restore", damaged], { environment })).problem).toMatch(
      /^The backup is damaged: services held .* Nothing was kept$/,
    );
    expect((await run(["restore", file()], { environment })).out).toContain("nothing missing");
    await empty.drop();
  });

  it("keeps nothing of one with a file that was changed", async () => {
    const archive = gunzipSync(readFileSync(file()));
    archive.write("S", archive.indexOf("sealed contents"));
    const damaged = join(folder, "damaged.tar.gz");
    writeFileSync(damaged, gzipSync(archive));
    const empty = await createEmptyDatabase();
    const environment = { DATABASE_URL: empty.url, PENNYPOST_FILE_STORE: join(folder, "untouched") };
    expect((await run(["restore", damaged], { environment })).problem).toMatch(
      /^The backup is damaged: it held 1 files, .* Nothing was kept$/,
    );
    for await (const key of (await filesIn("untouched")).list()) expect.fail(`${key} was kept`);
    await empty.drop();
  });

  it.each([
    ["that is cut short", (content: Buffer) => content.subarray(0, content.length - 300), /cut short|damaged/],
    ["that is none", () => Buffer.from("hello"), /damaged/],
  ])("refuses a file %s", async (_, change, problem) => {
    const broken = join(folder, "broken.tar.gz");
    writeFileSync(broken, change(readFileSync(file())));
    const empty = await createEmptyDatabase();
    expect((await run(["restore", broken], { environment: { DATABASE_URL: empty.url } })).problem).toMatch(problem);
    await empty.drop();
  });

  it("needs the key that sealed it", async () => {
    const empty = await createEmptyDatabase();
    const environment = { DATABASE_URL: empty.url, PENNYPOST_MASTER_KEY: "" };
    expect((await run(["restore", file()], { environment })).problem).toContain("The backup has no master key");
    const other = { ...environment, PENNYPOST_MASTER_KEY: Buffer.alloc(32, 7).toString("base64") };
    expect((await run(["restore", file()], { environment: other })).problem).toContain("is not the backup's");
    await empty.drop();
  });
});

describe("pennypost reset", () => {
  it("never touches a database that is not embedded, and says when there is nothing", async () => {
    expect((await run(["reset", "--yes"])).problem).toContain("DATABASE_URL is set");
    expect((await run(["reset", "--yes"], { environment: { DATABASE_URL: "" } })).out).toMatch(/^There is nothing in /);
  });
});
