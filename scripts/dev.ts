/**
 * Runs the product from its sources and starts it again when one changes. The database's server belongs to this process, so it
 * keeps running meanwhile; the product finds its owner alive and joins as a guest.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { watch } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { readConfig } from "../src/config.ts";
import { createLog } from "../src/platform/log.ts";
import { packagePath } from "../src/platform/package-files.ts";
import { startEmbeddedPostgres } from "../src/platform/postgres/embedded.ts";
import { buildAssets } from "./assets.mjs";

const WATCHED = ["src", "db/migrations"];
/** Editors write a file several times, and a branch switch many files. */
const SETTLE_MS = 150;
const STOP_WAIT_MS = 10_000;

const log = createLog({ level: "info", role: "dev" });
const { databaseUrl, dataDir } = readConfig(process.env);
const postgres = databaseUrl ? undefined : await startEmbeddedPostgres({ dataDir, log });

await makeAssets();
let product = startProduct();
let change: NodeJS.Timeout | undefined;
let restarting = Promise.resolve();

for (const folder of WATCHED) watch(packagePath(folder), { recursive: true }, (_event, file) => onChange(file));
process.once("SIGINT", stopAll);
process.once("SIGTERM", stopAll);

/** A mistake in a style or a script is told, and mended by the next change. */
async function makeAssets(): Promise<void> {
  await buildAssets(packagePath(""), packagePath("dist/assets")).catch(() => log.warn("dev.assets-failed"));
}

function startProduct(): ChildProcess {
  const args = ["--enable-source-maps", "--import", "tsx", packagePath("scripts/run-source.ts")];
  return spawn(process.execPath, [...args, ...process.argv.slice(2)], { stdio: "inherit" });
}

function onChange(file: string | null): void {
  if (file?.endsWith(".test.ts")) return;
  clearTimeout(change);
  change = setTimeout(() => {
    restarting = restarting.then(restart);
  }, SETTLE_MS);
}

async function restart(): Promise<void> {
  await stopProduct();
  await makeAssets();
  log.info("dev.restarted");
  product = startProduct();
}

async function stopProduct(): Promise<void> {
  if (product.exitCode !== null || product.signalCode !== null) return;
  const exited = once(product, "exit");
  product.kill("SIGTERM");
  const late = new AbortController();
  void delay(STOP_WAIT_MS, undefined, { signal: late.signal })
    .then(() => product.kill("SIGKILL"))
    .catch(() => {});
  await exited;
  late.abort();
}

async function stopAll(): Promise<void> {
  clearTimeout(change);
  await restarting;
  await stopProduct();
  await postgres?.stop();
  process.exit(0);
}
