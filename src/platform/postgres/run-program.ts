/** Runs a program of the server's to its end, as the server's user and with nothing of our environment. */
import { type SpawnOptions, spawn } from "node:child_process";
import { basename } from "node:path";
import { text } from "node:stream/consumers";
import { CannotStart } from "../cannot-start.ts";
import type { Account } from "./account.ts";
import { noServerHere } from "./binaries.ts";

const OUTPUT_LINES_SHOWN = 3;

export async function runProgram(
  program: string,
  args: string[],
  options: { account: Account | undefined; input?: string },
): Promise<void> {
  const child = spawn(program, args, { ...asAccount(options.account), stdio: "pipe" });
  const ended = new Promise<number | null>((resolve, reject) => child.on("error", reject).on("close", resolve));
  child.stdin.on("error", () => {}); // it ended without reading; its status says why
  child.stdin.end(options.input ?? "");
  const output = Promise.all([text(child.stdout), text(child.stderr)]);
  const status = await ended.catch((error) => Promise.reject(spawnFailure(error)));
  if (status === 0) return;
  const [, errors] = await output;
  throw new CannotStart(`${basename(program)} failed (${status}): ${lastLines(errors)}`);
}

/** What `spawn` needs to run something as the account: from a folder that every user may be in, in the plain locale. */
export function asAccount(account: Account | undefined): SpawnOptions {
  const identity = account ? { uid: account.uid, gid: account.gid } : {};
  return { ...identity, cwd: "/", env: { PATH: process.env["PATH"], LC_ALL: "C" } };
}

/** ENOENT for a file that is there means that the system has no loader for it: a C library other than glibc. */
export function spawnFailure(error: NodeJS.ErrnoException): CannotStart {
  if (error.code === "ENOENT") return noServerHere(error);
  return new CannotStart(`Cannot run PostgreSQL (${error.code}): set DATABASE_URL to a server of your own`, {
    cause: error,
  });
}

function lastLines(output: string): string {
  return output.trim().split("\n").slice(-OUTPUT_LINES_SHOWN).join(" | ");
}
