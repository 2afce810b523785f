/** `npm run bench`: measurements, from the sources. Arguments go to `bench/run.ts`. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { bootstrap, ROOT } from "./bootstrap.mjs";
import { preparePeers } from "./peers.mjs";

await bootstrap({ development: true, build: true });
preparePeers("bench");
const args = ["--import", "tsx", join(ROOT, "bench/run.ts"), ...process.argv.slice(2)];
process.exitCode = spawnSync(process.execPath, args, { cwd: ROOT, stdio: "inherit" }).status ?? 1;
