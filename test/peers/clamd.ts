/**
 * A real clamd for tests, with a signature of our own for the EICAR test string and nothing downloaded.
 *
 *     describe.skipIf(!hasClamd)("…", () => { const clamd = await startClamd(); … await clamd.stop(); });
 */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { vi } from "vitest";
import { freePorts } from "../../bench/measure/free-ports.ts";
import { findPeer, isCi } from "../../scripts/peers.mjs";
import { createClamdScanner } from "../../src/platform/clamd/clamd-scanner.ts";

/** In two parts, or scanners would find it here. */
export const EICAR = ["X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR", "-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"].join("");
/** Smaller than what our side sends, so that a file can be too large for it. */
const STREAM_MAX = "3M";
const UP_WITHIN = { timeout: 30_000, interval: 50 };

const command = findPeer("clamd");
if (!command && isCi()) throw new Error("clamd is missing: apt-get install clamav-daemon");
if (!command) console.error("Left out: what needs a virus scanner. apt-get install clamav-daemon");

export const hasClamd = command !== undefined;

export interface Clamd {
  port: number;
  socket: string;
  /** What PENNYPOST_CLAMD_ADDRESS is set to. */
  address: string;
  stop(): Promise<void>;
}

/** Resolves when it answers; at the port where another was before, or a free one. */
export async function startClamd(at: { port?: number } = {}): Promise<Clamd> {
  const folder = mkdtempSync(join(tmpdir(), "pennypost-clamd-"));
  const port = at.port ?? (await freePorts(1))[0] ?? 0;
  const socket = join(folder, "clamd.ctl");
  const process = spawn(command ?? "clamd", ["--config-file", writeConfiguration({ folder, port, socket })], {
    stdio: "ignore",
  });
  const clamd = { port, socket, address: `127.0.0.1:${port}`, stop: () => stop(process, folder) };
  await vi.waitFor(async () => {
    const problem = await createClamdScanner({ host: "127.0.0.1", port }).findProblem();
    if (problem !== undefined) throw new Error(`clamd: ${problem}`);
  }, UP_WITHIN);
  return clamd;
}

function writeConfiguration({ folder, port, socket }: { folder: string; port: number; socket: string }): string {
  const database = join(folder, "database");
  mkdirSync(database);
  // Found anywhere in a file (ClamAV's extended signatures).
  writeFileSync(join(database, "test.ndb"), `Test.EICAR:0:*:${Buffer.from(EICAR).toString("hex")}\n`);
  const file = join(folder, "clamd.conf");
  const settings = {
    Foreground: "yes",
    DatabaseDirectory: database,
    LocalSocket: socket,
    TCPSocket: port,
    TCPAddr: "127.0.0.1",
    StreamMaxLength: STREAM_MAX,
    SelfCheck: 0,
  };
  writeFileSync(
    file,
    Object.entries(settings)
      .map(([name, value]) => `${name} ${value}\n`)
      .join(""),
  );
  return file;
}

async function stop(process: ChildProcess, folder: string): Promise<void> {
  if (process.exitCode === null && process.signalCode === null) {
    const ended = new Promise((resolve) => process.once("exit", resolve));
    process.kill("SIGKILL");
    await ended;
  }
  rmSync(folder, { recursive: true, force: true });
}
