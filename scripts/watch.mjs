/** `--watch`: hands over to the development runner, which is TypeScript and therefore runs through tsx. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { ROOT } from "./bootstrap.mjs";

/**
 * @param {string[]} args the command line without `--watch`
 * @returns {Promise<number>} the exit status
 */
export async function watch(args) {
  const child = spawn(process.execPath, ["--import", "tsx", join(ROOT, "scripts/dev.ts"), ...args], {
    stdio: "inherit",
  });
  // Ctrl-C reaches the child by itself; we stay until it has stopped everything.
  process.on("SIGINT", () => {});
  process.on("SIGTERM", () => child.kill("SIGTERM"));
  const [status] = await once(child, "exit");
  return status ?? 1;
}
