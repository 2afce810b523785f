/** `npm test`: everything that runs. Arguments go to Vitest; the last line is `N passed, N failed`. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bootstrap, ROOT } from "./bootstrap.mjs";
import { preparePeers } from "./peers.mjs";
import { tally } from "./tally.mjs";

// Built before anything runs: the admin remembers what its styles and scripts are called.
await bootstrap({ development: true, build: true });
preparePeers("tests");

const folder = mkdtempSync(join(tmpdir(), "pennypost-report-"));
const file = join(folder, "report.json");
const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${file}`];
const vitest = join(ROOT, "node_modules/vitest/vitest.mjs");
const { status } = spawnSync(process.execPath, [vitest, "run", ...reporters, ...process.argv.slice(2)], {
  cwd: ROOT,
  stdio: "inherit",
});
const { passed, failed } = tally(readReport(), status);
rmSync(folder, { recursive: true, force: true });
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;

function readReport() {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return undefined;
  }
}
