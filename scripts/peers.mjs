/**
 * Programs of others that tests and measurements talk to. On Debian as root a missing one is installed; elsewhere what needs
 * it is left out by name. With CI set, nothing may be left out.
 */
import { spawnSync } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import { delimiter, join } from "node:path";

/** @typedef {{ name: string, command: string, packages: string[], wantedBy: ("tests" | "bench")[] }} Peer */

/** @type {Peer[]} */
export const PEERS = [
  { name: "kannel", command: "bearerbox", packages: ["kannel"], wantedBy: ["tests", "bench"] },
  { name: "chromium", command: "chromium", packages: ["chromium"], wantedBy: ["tests"] },
  { name: "clamd", command: "clamd", packages: ["clamav-daemon"], wantedBy: ["tests"] },
  { name: "sshd", command: "sshd", packages: ["openssh-server"], wantedBy: ["tests"] },
  { name: "poppler", command: "pdftotext", packages: ["poppler-utils"], wantedBy: ["tests"] },
  { name: "qpdf", command: "qpdf", packages: ["qpdf"], wantedBy: ["tests"] },
];

const SYSTEM_FOLDERS = ["/usr/local/sbin", "/usr/sbin", "/sbin"];

/**
 * Whether the peer's command is on this machine.
 * @param {string} name
 */
export function hasPeer(name) {
  return findPeer(name) !== undefined;
}

/**
 * Where the peer's command is; undefined when it is not on this machine.
 * @param {string} name
 */
export function findPeer(name) {
  const peer = PEERS.find((candidate) => candidate.name === name);
  if (!peer) throw new Error(`There is no peer ${name}: add it to scripts/peers.mjs`);
  return findCommand(peer.command);
}

/** @param {string} command */
function isCommand(command) {
  return findCommand(command) !== undefined;
}

/** @param {string} command */
function findCommand(command) {
  const folders = [...(process.env["PATH"] ?? "").split(delimiter), ...SYSTEM_FOLDERS];
  const files = folders.map((folder) => join(folder, command));
  return files.find((file) => statSync(file, { throwIfNoEntry: false })?.isFile());
}

/**
 * What to do about the peers that are wanted and not there.
 * @param {{ missing: Peer[], canInstall: boolean, mustHave: boolean }} situation
 * @returns {{ kind: "go" } | { kind: "install", packages: string[] } | { kind: "leave-out" | "fail", names: string[] }}
 */
export function decideOnPeers({ missing, canInstall, mustHave }) {
  if (missing.length === 0) return { kind: "go" };
  if (canInstall) return { kind: "install", packages: missing.flatMap((peer) => peer.packages) };
  return { kind: mustHave ? "fail" : "leave-out", names: missing.map((peer) => peer.name) };
}

/**
 * Installs what can be, and says what is left out. Throws when something is missing that must not be.
 * @param {"tests" | "bench"} purpose
 */
export function preparePeers(purpose) {
  const plan = decideOnPeers({ missing: missingFor(purpose), canInstall: isRootOnDebian(), mustHave: isCi() });
  const left = plan.kind === "install" ? installPackages(plan.packages, purpose) : plan;
  if (left.kind === "fail")
    throw new Error(`Missing: ${left.names.join(", ")}. Install them, or unset CI to do without`);
  if (left.kind === "leave-out") console.error(`Not installed, so left out: ${left.names.join(", ")}`);
}

/** @param {"tests" | "bench"} purpose */
function missingFor(purpose) {
  return PEERS.filter((peer) => peer.wantedBy.includes(purpose) && !isCommand(peer.command));
}

/**
 * @param {string[]} packages
 * @param {"tests" | "bench"} purpose
 */
function installPackages(packages, purpose) {
  console.error(`Installing ${packages.join(", ")} with apt-get`);
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  for (const args of [
    ["update", "-qq"],
    ["install", "-y", "-qq", "--no-install-recommends", ...packages],
  ]) {
    const { status, stderr } = spawnSync("apt-get", args, { env, encoding: "utf8" });
    if (status !== 0) console.error(stderr.trim());
  }
  return decideOnPeers({ missing: missingFor(purpose), canInstall: false, mustHave: isCi() });
}

function isRootOnDebian() {
  return process.getuid?.() === 0 && existsSync("/etc/debian_version") && isCommand("apt-get");
}

/** CI services set it to something; the words for no are those that people set it to. */
export function isCi() {
  return !["", "0", "false"].includes(process.env["CI"] ?? "");
}
