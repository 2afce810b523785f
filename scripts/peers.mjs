/**
 * Programs of others that tests and measurements talk to. On Debian as root a missing one is installed; elsewhere what needs
 * it is left out by name. With CI set, nothing may be left out.
 */
import { spawnSync } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import { delimiter, join } from "node:path";

/**
 * `commands`: any of them will do, and the first does best.
 * @typedef {{ name: string, commands: string[], packages: string[], wantedBy: ("tests" | "bench")[] }} Peer
 */

/** @type {Peer[]} */
export const PEERS = [
  { name: "kannel", commands: ["bearerbox"], packages: ["kannel"], wantedBy: ["tests", "bench"] },
  // The shell of it, without a browser's own windows, takes 0.4 of the processor's time for a page.
  {
    name: "chromium",
    commands: ["chromium-headless-shell", "chromium"],
    packages: ["chromium-headless-shell"],
    wantedBy: ["tests"],
  },
  { name: "clamd", commands: ["clamd"], packages: ["clamav-daemon"], wantedBy: ["tests"] },
  { name: "sshd", commands: ["sshd"], packages: ["openssh-server"], wantedBy: ["tests"] },
  { name: "poppler", commands: ["pdftotext"], packages: ["poppler-utils"], wantedBy: ["tests"] },
  { name: "qpdf", commands: ["qpdf"], packages: ["qpdf"], wantedBy: ["tests"] },
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
  return findCommand(...peer.commands);
}

/** @param {string[]} commands */
function isCommand(...commands) {
  return findCommand(...commands) !== undefined;
}

/** @param {string[]} commands */
function findCommand(...commands) {
  const folders = [...(process.env["PATH"] ?? "").split(delimiter), ...SYSTEM_FOLDERS];
  const files = commands.flatMap((command) => folders.map((folder) => join(folder, command)));
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
  const canInstall = isRootOnDebian();
  const missing = canInstall ? notAtTheirBest(purpose) : missingFor(purpose);
  const plan = decideOnPeers({ missing, canInstall, mustHave: isCi() });
  const left = plan.kind === "install" ? installPackages(plan.packages, purpose) : plan;
  if (left.kind === "fail")
    throw new Error(`Missing: ${left.names.join(", ")}. Install them, or unset CI to do without`);
  if (left.kind === "leave-out") console.error(`Not installed, so left out: ${left.names.join(", ")}`);
}

/** @param {"tests" | "bench"} purpose */
function missingFor(purpose) {
  return PEERS.filter((peer) => peer.wantedBy.includes(purpose) && !isCommand(...peer.commands));
}

/** @param {"tests" | "bench"} purpose */
function notAtTheirBest(purpose) {
  return PEERS.filter(({ wantedBy, commands: [best = ""] }) => wantedBy.includes(purpose) && !isCommand(best));
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
