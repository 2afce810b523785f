#!/usr/bin/env node
/** The command `pennypost`. In a checkout it first installs and builds what is missing; in an image it just runs. */
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const NODE_MIN = [20, 19];

const pathOf = (/** @type {string} */ path) => fileURLToPath(new URL(`../${path}`, import.meta.url));

function refuseOldNode() {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  const [minMajor = 0, minMinor = 0] = NODE_MIN;
  if (major > minMajor || (major === minMajor && minor >= minMinor)) return;
  console.error(`Pennypost needs Node ${NODE_MIN.join(".")} or later; this is ${process.versions.node}.`);
  process.exit(1);
}

/** What goes wrong here is explained in one line: no product is running yet. */
async function prepare(/** @type {{ watches: boolean }} */ { watches }) {
  const { bootstrap } = await import("../scripts/bootstrap.mjs");
  try {
    await bootstrap({ development: watches, build: !watches });
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  }
}

async function main() {
  const args = process.argv.slice(2);
  if (!existsSync(pathOf("src"))) return runBuild(args);
  const watches = args.includes("--watch");
  await prepare({ watches });
  if (!watches) return runBuild(args);
  const { watch } = await import("../scripts/watch.mjs");
  return watch(args.filter((arg) => arg !== "--watch"));
}

async function runBuild(/** @type {string[]} */ args) {
  process.setSourceMapsEnabled(true);
  const { run } = await import(new URL("../dist/main.mjs", import.meta.url).href);
  return run(args);
}

refuseOldNode();
process.exit(await main()); // what a failed start had begun would hold the process
