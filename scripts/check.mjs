/** `npm run check`: format and lint, types, arrows, dead code, and a current `db/schema.sql`. All run; all failures are shown. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { bootstrap, ROOT } from "./bootstrap.mjs";
import { seconds } from "./install.mjs";

const CODE_FOLDERS = ["src", "test", "client", "bench", "scripts"].filter((folder) => existsSync(join(ROOT, folder)));
const ARROWS = [...CODE_FOLDERS, "--config", ".dependency-cruiser.mjs", "--output-type", "err-long"];

const OUTPUT_MAX_BYTES = 64 * 1024 * 1024;

const STEPS = [
  { name: "format and lint", command: ["@biomejs/biome/bin/biome", "ci", "--colors=off", "."] },
  { name: "types", command: ["typescript/bin/tsc", "--noEmit", "-p", "."] },
  { name: "browser types", command: ["typescript/bin/tsc", "--noEmit", "-p", "src/servers/admin/browser"] },
  { name: "arrows", command: ["dependency-cruiser/bin/dependency-cruise.mjs", ...ARROWS] },
  { name: "dead code", command: ["knip/bin/knip.js"] },
  { name: "schema.sql", command: ["tsx/dist/cli.mjs", "scripts/schema/write-schema.ts", "--check"] },
];

await bootstrap({ development: true, build: false });
const results = STEPS.map(runStep);
process.exitCode = results.every(Boolean) ? 0 : 1;

/** @param {{ name: string, command: string[] }} step */
function runStep({ name, command: [program = "", ...args] }) {
  const startedAt = performance.now();
  process.stdout.write(`${name.padEnd(16)} `);
  const result = spawnSync(process.execPath, [join(ROOT, "node_modules", program), ...args], {
    cwd: ROOT,
    encoding: "utf8",
    maxBuffer: OUTPUT_MAX_BYTES,
  });
  const ok = result.status === 0;
  console.log(`${seconds(startedAt).padStart(5)} s  ${ok ? "ok" : "failed"}`);
  if (!ok) console.log(`${result.stdout}${result.stderr}`);
  return ok;
}
