/** One process at a time: for what two starts of the same checkout must not do at once. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

const POLL_MS = 200;

/**
 * Runs `work` when no other process holds the lock. A lock whose process is gone counts as free.
 * @template T
 * @param {string} file
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withLock(file, work) {
  mkdirSync(dirname(file), { recursive: true });
  for (let waits = 0; !take(file); waits++) {
    if (waits === 1) process.stderr.write(`Waiting for another process that is preparing this checkout (${file})\n`);
    await delay(POLL_MS);
  }
  try {
    return await work();
  } finally {
    rmSync(file, { force: true });
  }
}

/** @param {string} file */
function take(file) {
  try {
    writeFileSync(file, String(process.pid), { flag: "wx" });
    return true;
  } catch {
    if (!isHeld(file)) rmSync(file, { force: true });
    return false;
  }
}

/**
 * A file that is still empty is being written this moment.
 * @param {string} file
 */
function isHeld(file) {
  try {
    const pid = readFileSync(file, "utf8");
    return pid === "" || isRunning(Number(pid));
  } catch {
    return true; // gone meanwhile: try again
  }
}

/** @param {number} pid */
function isRunning(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === "EPERM";
  }
}
