import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { PassThrough, Readable } from "node:stream";
import { afterAll, beforeAll, expect, it } from "vitest";
import { makeClusterFolder } from "../../test/support/temporary-cluster.ts";
import { sandboxScanner } from "../sandbox/scanner/sandbox-scanner.ts";
import { createProgram } from "./program.ts";

let folder: string;

async function run(dataDir: string, args: string[]): Promise<string> {
  let out = "";
  const stdout = new PassThrough().on("data", (chunk: Buffer) => {
    out += chunk.toString();
  });
  const environment = { PENNYPOST_DATA_DIR: join(folder, dataDir), PENNYPOST_LOG_LEVEL: "silent" };
  const start = async () => 0;
  const status = await createProgram({
    environment,
    start,
    sandboxScanner,
    stdout,
    stderr: new PassThrough(),
    stdin: Readable.from([]),
  }).run(args);
  return `${status} ${out}`;
}

beforeAll(() => {
  folder = makeClusterFolder("pennypost-embedded-");
});

afterAll(() => rmSync(folder, { recursive: true }));

it("an embedded installation is made, backed up with its key, restored elsewhere and removed, by commands alone", async () => {
  const file = join(folder, "backup.tar.gz");
  await expect(run("first", ["backup", file])).rejects.toThrow("There is no installation in");
  expect(await run("first", ["status"])).toMatch(/^1 Pennypost is not running on /);
  expect(await run("first", ["user", "create", "--email", "ada@northwold.example", "--name", "Ada"])).toMatch(/^0 /);
  expect(await run("first", ["backup", file])).toContain("The master key is in it");
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(execFileSync("tar", ["tzf", file], { encoding: "utf8" })).toContain("tables/users/000000.copy");

  expect(await run("second", ["restore", file])).toContain("nothing missing");
  expect(statSync(join(folder, "second", "master.key")).mode & 0o777).toBe(0o600);
  expect(await run("second", ["user", "list"])).toContain("ada@northwold.example, Ada");
  await expect(run("second", ["restore", file])).rejects.toThrow("There is an installation in");

  await expect(run("second", ["reset"])).rejects.toThrow("say --yes");
  expect(await run("second", ["reset", "--yes"])).toContain("postgres-18");
  expect(readdirSync(join(folder, "second"))).toEqual([]);
  expect(existsSync(join(folder, "first", "master.key"))).toBe(true);
});
