import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import pg from "pg";
import { afterEach, describe, expect, it, vi } from "vitest";
import { PATIENCE } from "../../../test/support/patience.ts";
import { type Log, type LogFields, silentLog } from "../log.ts";
import { chooseAccount } from "./account.ts";
import { type EmbeddedPostgres, startEmbeddedPostgres } from "./embedded.ts";
import { findPostmaster, stopPostmaster } from "./postmaster.ts";
import { findProcess } from "./process-table.ts";
import { THROW_AWAY_SETTINGS } from "./settings.ts";

const isRoot = process.getuid?.() === 0;
const cleanUps: (() => unknown)[] = [];

afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

/** A folder that the server's user can enter. Whatever server is left in it is stopped after the test. */
function newDataDir(): string {
  const parent = mkdtempSync(join(tmpdir(), "pennypost-postgres-"));
  chmodSync(parent, 0o755);
  cleanUps.push(() => rmSync(parent, { recursive: true, force: true }));
  return join(parent, "data");
}

async function start(dataDir: string, more: { log?: Log; sharedDir?: string } = {}): Promise<EmbeddedPostgres> {
  const postgres = await startEmbeddedPostgres({ dataDir, log: silentLog, settings: THROW_AWAY_SETTINGS, ...more });
  cleanUps.push(() => postgres.stop());
  return postgres;
}

async function query<Row extends pg.QueryResultRow>(url: string, sql: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url });
  client.on("error", () => {});
  await client.connect();
  try {
    return (await client.query<Row>(sql)).rows;
  } finally {
    await client.end().catch(() => {});
  }
}

function postmasterPid(postgres: { clusterDir: string }): number {
  return Number(readFileSync(join(postgres.clusterDir, "postmaster.pid"), "utf8").split("\n")[0]);
}

function collectEvents(): { log: Log; events: string[] } {
  const events: string[] = [];
  const add = (event: string, _fields?: LogFields) => void events.push(event);
  return { events, log: { debug: add, info: add, warn: add, error: add } };
}

async function startOwnerProcess(
  dataDir: string,
  more: { howLong?: "briefly"; uid?: number; gid?: number } = {},
): Promise<{ owner: ChildProcess; url: string }> {
  const { howLong, ...identity } = more;
  const args = ["--import", "tsx", "test/support/postgres-owner.ts", dataDir, ...(howLong ? [howLong] : [])];
  const owner = spawn(process.execPath, args, { ...identity, stdio: ["ignore", "pipe", "inherit"] });
  cleanUps.push(() => owner.kill("SIGKILL"));
  const [line] = await once(createInterface(owner.stdout), "line");
  return { owner, ...JSON.parse(line) };
}

async function kill(owner: ChildProcess): Promise<void> {
  const exited = once(owner, "exit");
  owner.kill("SIGKILL");
  await exited;
}

describe("a server of our own", () => {
  it("keeps its data, its port and its password from one start to the next", async () => {
    const dataDir = newDataDir();
    const first = await start(dataDir);
    await query(first.url, "create table kept as select 42 as answer");
    await first.stop();
    expect(findPostmaster(first.clusterDir)).toBeUndefined();

    const second = await start(dataDir);
    expect(second.url).toBe(first.url);
    expect(await query(second.url, "select answer from kept")).toEqual([{ answer: 42 }]);
  });

  it("is UTF-8 with checksums, ordered by code point, and listens on the loopback below the ephemeral ports", async () => {
    const { url, port } = await start(newDataDir());
    const [facts] = await query(
      url,
      `select current_setting('data_checksums') as checksums, current_setting('listen_addresses') as addresses,
              current_setting('unix_socket_directories') as sockets, pg_encoding_to_char(d.encoding) as encoding,
              d.datlocale as locale, rolsuper as superuser
       from pg_database d, pg_roles r where d.datname = current_database() and r.rolname = current_user`,
    );
    expect(facts).toEqual({
      checksums: "on",
      addresses: "127.0.0.1",
      sockets: "",
      encoding: "UTF8",
      locale: "C.UTF-8",
      superuser: false,
    });
    expect(port).toBeGreaterThanOrEqual(20_000);
    expect(port).toBeLessThan(32_768);
  });

  it("lets in nobody without the password, nor the superuser by any", async () => {
    const { url } = await start(newDataDir());
    const wrongPassword = url.replace(/:[^:@]+@/, ":wrong@");
    await expect(query(wrongPassword, "select 1")).rejects.toMatchObject({ code: "28P01" });
    const superuser = url.replace("//pennypost:", "//postgres:");
    await expect(query(superuser, "select 1")).rejects.toMatchObject({ code: "28000" });
  });

  it("keeps its password to ourselves", async () => {
    const dataDir = newDataDir();
    const { url } = await start(dataDir);
    const file = join(dataDir, "postgres.json");
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(url).toContain(JSON.parse(readFileSync(file, "utf8")).password);
  });

  it("is started again when it is killed, with what it had committed", async () => {
    const { log, events } = collectEvents();
    const postgres = await startEmbeddedPostgres({ dataDir: newDataDir(), log });
    cleanUps.push(() => postgres.stop());
    await query(postgres.url, "create table kept as select generate_series(1, 1000) as n");
    process.kill(postmasterPid(postgres), "SIGKILL");

    await vi.waitFor(() => expect(events).toContain("postgres.restarted"), PATIENCE);
    expect(events).toContain("postgres.exited");
    expect(await query(postgres.url, "select count(*)::int as rows from kept")).toEqual([{ rows: 1000 }]);
  });

  it("starts though a process that is not a server has the id in the file that a killed one left", async () => {
    const dataDir = newDataDir();
    const first = await start(dataDir);
    await first.stop();
    writeFileSync(
      join(first.clusterDir, "postmaster.pid"),
      `${process.pid}\n${first.clusterDir}\n1\n${first.port}\n\n\n\n`,
    );
    const second = await start(dataDir);
    expect(second.adopted).toBe(false);
    expect(await query(second.url, "select 1 as one")).toEqual([{ one: 1 }]);
  });

  it("is gone, and so is its owner's mark, when a process that only started and stopped it ends", async () => {
    const dataDir = newDataDir();
    const { owner } = await startOwnerProcess(dataDir, { howLong: "briefly" });
    if (owner.exitCode === null) await once(owner, "exit");
    expect(owner.exitCode).toBe(0);
    expect(existsSync(join(dataDir, "postgres.owner"))).toBe(false);
    expect(findPostmaster(join(dataDir, "postgres-18"))).toBeUndefined();
  });

  it("takes another port when its last one is taken", async () => {
    const dataDir = newDataDir();
    const first = await start(dataDir);
    await first.stop();
    const occupier = createServer();
    await new Promise<void>((resolve) => occupier.listen(first.port, "127.0.0.1", resolve));
    cleanUps.push(() => occupier.close());
    const second = await start(dataDir);
    expect(second.port).not.toBe(first.port);
    expect(await query(second.url, "select 1 as one")).toEqual([{ one: 1 }]);
  });
});

describe("several processes on one data folder", () => {
  it("the next owner adopts the server of one that was killed, and stops it in the end", async () => {
    const dataDir = newDataDir();
    const { owner, url } = await startOwnerProcess(dataDir);
    await query(url, "create table kept as select 1 as one");
    await kill(owner);
    expect(await query(url, "select one from kept")).toEqual([{ one: 1 }]);

    const next = await start(dataDir);
    expect(next).toMatchObject({ adopted: true, guest: false, url });
    const pid = postmasterPid(next);
    await next.stop();
    expect(findProcess(pid)).toBeUndefined();
  });

  it("an adopted server is started again too when it is killed", async () => {
    const dataDir = newDataDir();
    const { owner } = await startOwnerProcess(dataDir);
    await kill(owner);
    const { log, events } = collectEvents();
    const next = await start(dataDir, { log });
    process.kill(postmasterPid(next), "SIGKILL");
    await vi.waitFor(() => expect(events).toContain("postgres.restarted"), PATIENCE);
    expect(await query(next.url, "select 1 as one")).toEqual([{ one: 1 }]);
  });

  it("a second process is a guest, whose end the owner does not notice", async () => {
    const dataDir = newDataDir();
    const { url } = await startOwnerProcess(dataDir);
    const guest = await start(dataDir);
    expect(guest).toMatchObject({ adopted: false, guest: true, url });
    await guest.stop();
    expect(await query(url, "select 1 as one")).toEqual([{ one: 1 }]);
    await stopPostmaster(postmasterPid(guest));
  });

  it("of several that start at once on an empty folder, one makes the cluster and the others join it", async () => {
    const dataDir = newDataDir();
    const all = await Promise.all([start(dataDir), start(dataDir), start(dataDir)]);
    expect(all.map((postgres) => postgres.guest).sort()).toEqual([false, true, true]);
    expect(new Set(all.map((postgres) => postgres.url)).size).toBe(1);
  });

  it("a copy of a data folder has a server of its own beside the first", async () => {
    const dataDir = newDataDir();
    const original = await start(dataDir);
    await query(original.url, "create table whose as select 'the original' as name");
    await query(original.url, "checkpoint");
    const copyDir = newDataDir();
    cpSync(dataDir, copyDir, { recursive: true, preserveTimestamps: true });
    const { uid, gid } = statSync(original.clusterDir);
    expect(spawnSync("chown", ["-R", `${uid}:${gid}`, join(copyDir, "postgres-18")]).status).toBe(0);

    const copy = await start(copyDir);
    expect(copy).toMatchObject({ adopted: false, guest: false });
    expect(postmasterPid(copy)).not.toBe(postmasterPid(original));
    await query(copy.url, "update whose set name = 'the copy'");
    expect(await query(original.url, "select name from whose")).toEqual([{ name: "the original" }]);
  });
});

describe("a cluster that does not fit its data folder", () => {
  it("is refused without its password, and not made anew", async () => {
    const dataDir = newDataDir();
    const first = await start(dataDir);
    await first.stop();
    rmSync(join(dataDir, "postgres.json"));
    await expect(start(dataDir)).rejects.toThrow(/its password is missing: put .*postgres\.json back/);
    expect(existsSync(first.clusterDir)).toBe(true);
    expect(existsSync(join(dataDir, "postgres.owner"))).toBe(false);
  });

  it("is refused with the password of another", async () => {
    const [dataDir, otherDir] = [newDataDir(), newDataDir()];
    for (const dir of [dataDir, otherDir]) await (await start(dir)).stop();
    cpSync(join(otherDir, "postgres.json"), join(dataDir, "postgres.json"));
    await expect(start(dataDir)).rejects.toThrow(/is not the one that .* has the password of/);
  });

  it("is not begun anew when it is gone", async () => {
    const dataDir = newDataDir();
    const first = await start(dataDir);
    await first.stop();
    rmSync(first.clusterDir, { recursive: true });
    await expect(start(dataDir)).rejects.toThrow(/is gone: put it back/);
  });
});

describe.skipIf(!isRoot)("as root, in an ordinary user's folder", () => {
  it("the server runs as that user, who can start it again afterwards", async () => {
    const account = chooseAccount();
    const identity = { uid: account?.uid ?? 0, gid: account?.gid ?? 0 };
    const dataDir = newDataDir();
    mkdirSync(dataDir);
    chownSync(dataDir, identity.uid, identity.gid);
    await (await start(dataDir)).stop();
    const { owner, url } = await startOwnerProcess(dataDir, identity);
    expect(await query(url, "select 1 as one")).toEqual([{ one: 1 }]);
    await kill(owner);
    expect(await start(dataDir)).toMatchObject({ adopted: true, url });
  });
});

describe.skipIf(!isRoot)("as root, in a folder that the server's user cannot enter", () => {
  it("the cluster goes outside, closed to others, and says so; it is found again, and a copy of the folder is refused", async () => {
    const parent = newDataDir();
    mkdirSync(parent, { mode: 0o700 });
    const dataDir = join(parent, "data");
    const sharedDir = join(newDataDir(), "shared");
    const { log, events } = collectEvents();
    const first = await start(dataDir, { sharedDir, log });
    expect(events).toContain("postgres.outside");
    expect(first.clusterDir.startsWith(`${sharedDir}/`)).toBe(true);
    expect(statSync(first.clusterDir).mode & 0o777).toBe(0o700);
    await query(first.url, "create table kept as select 1 as one");
    await first.stop();

    const again = await start(dataDir, { sharedDir });
    expect(await query(again.url, "select one from kept")).toEqual([{ one: 1 }]);
    await again.stop();

    cpSync(dataDir, join(parent, "copy"), { recursive: true });
    await expect(start(join(parent, "copy"), { sharedDir })).rejects.toThrow(/the folder was moved or copied/);
  });
});
