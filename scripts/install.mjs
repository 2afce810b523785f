/** Whether the installed packages are those of the lock file, and installing them when not. Runs before there are any. */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** @typedef {{ version?: string, integrity?: string, dev?: boolean, optional?: boolean, devOptional?: boolean, link?: boolean }} LockedPackage */
/** @typedef {{ packages: Record<string, LockedPackage> }} Lock */

/**
 * Compares the lock file with the one that npm leaves in `node_modules` when an install has finished. Optional packages may
 * be missing (they are for other platforms), and development packages too when they are not `wanted`.
 * @param {Lock} lock
 * @param {Lock | undefined} installed
 * @param {{ development: boolean }} wanted
 */
export function isInstallCurrent(lock, installed, wanted) {
  if (!installed) return false;
  return Object.entries(lock.packages).every(([path, locked]) => {
    const present = installed.packages[path];
    if (present) return present.version === locked.version && present.integrity === locked.integrity;
    return path === "" || isOptional(locked) || (locked.dev === true && !wanted.development);
  });
}

/** @param {LockedPackage} locked */
function isOptional(locked) {
  return locked.optional === true || locked.devOptional === true;
}

/**
 * Whether an install is due in the checkout at `root`.
 * @param {string} root
 * @param {{ development: boolean }} wanted
 */
export function isInstallNeeded(root, wanted) {
  const lock = readLock(join(root, "package-lock.json"));
  return lock !== undefined && !isInstallCurrent(lock, readLock(join(root, "node_modules/.package-lock.json")), wanted);
}

/**
 * @param {string} file
 * @returns {Lock | undefined}
 */
function readLock(file) {
  try {
    return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : undefined;
  } catch {
    return undefined; // cut short: as good as none
  }
}

/**
 * Installs what the lock file says, saying so in one line.
 * @param {string} root
 */
export function install(root) {
  const startedAt = performance.now();
  process.stderr.write("Installing packages (about a minute, only when they changed) … ");
  const { command, args } = npm();
  const options = ["ci", "--no-audit", "--no-fund", "--loglevel=error"];
  const result = spawnSync(command, [...args, ...options], { cwd: root, encoding: "utf8", env: environment() });
  if (result.status === 0) {
    process.stderr.write(`done in ${seconds(startedAt)} s\n`);
    return;
  }
  process.stderr.write("failed\n");
  throw new Error(`npm ci failed: ${result.error?.message ?? result.stderr.trim()}`);
}

/** A run under `npm start --omit=dev`, or with NODE_ENV set, must still get the packages that build the product. */
function environment() {
  const { NODE_ENV: _nodeEnv, npm_config_omit: _omit, npm_config_production: _production, ...rest } = process.env;
  return rest;
}

/** The npm that runs us, if one does; else the one on the path. */
function npm() {
  const running = process.env["npm_execpath"];
  if (running?.endsWith("npm-cli.js")) return { command: process.execPath, args: [running] };
  return { command: "npm", args: [] };
}

/** @param {number} startedAt */
export function seconds(startedAt) {
  return ((performance.now() - startedAt) / 1000).toFixed(1);
}
