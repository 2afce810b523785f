/** Programs that are measured: started with their output kept, watched until they are ready, and stopped by their id. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

const STOP_WITHIN_MS = 25_000;
const READY_WITHIN_MS = 30_000;
const READY_POLL_MS = 50;
const LAST_WORDS_MAX_CHARACTERS = 2_000;

export interface Running {
  readonly pid: number;
  stop(): Promise<void>;
}

export interface Program {
  command: string;
  args: string[];
  env?: NodeJS.ProcessEnv;
  logFile: string;
  isReady: () => Promise<boolean>;
}

/** Programs still running, for an end that comes early. */
const running = new Set<ChildProcess>();
process.once("exit", () => {
  for (const child of running) child.kill("SIGKILL");
});

/** Resolves when it is ready; when it will not be, stops it and says what it said last. */
export async function startProgram(program: Program): Promise<Running> {
  const log = openSync(program.logFile, "a");
  const child = spawn(program.command, program.args, { env: program.env, stdio: ["ignore", log, log] });
  closeSync(log);
  await once(child, "spawn");
  running.add(child);
  child.once("exit", () => running.delete(child));
  try {
    await untilReady(child, program);
  } catch (error) {
    await stop(child);
    throw error;
  }
  return { pid: child.pid ?? 0, stop: () => stop(child) };
}

async function untilReady(child: ChildProcess, { command, args, logFile, isReady }: Program): Promise<void> {
  const deadline = performance.now() + READY_WITHIN_MS;
  while (!(await isReady())) {
    if (hasEnded(child) || performance.now() > deadline) {
      const lastWords = readFileSync(logFile, "utf8").slice(-LAST_WORDS_MAX_CHARACTERS);
      throw new Error(`${command} ${args.join(" ")} did not become ready:\n${lastWords}`);
    }
    await sleep(READY_POLL_MS);
  }
}

async function stop(child: ChildProcess): Promise<void> {
  if (hasEnded(child)) return;
  const ended = once(child, "exit");
  child.kill("SIGTERM");
  const timer = setTimeout(() => child.kill("SIGKILL"), STOP_WITHIN_MS);
  await ended;
  clearTimeout(timer);
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

/** Whether a page is answered with success. */
export async function answers(url: string, expected = ""): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(1_000) });
    return (await response.text()).includes(expected) && response.ok;
  } catch {
    return false;
  }
}
