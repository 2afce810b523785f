/** Which processes a process has started, from the operating system. */
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { findProcess, type RunningProcess } from "../../src/platform/postgres/process-table.ts";

const GONE_POLL_MS = 20;
const GONE_WITHIN_MS = 30_000;

/** Its children that run; none when it is gone itself. */
export function listChildren(pid: number): RunningProcess[] {
  const ids = existsSync("/proc/self/task") ? childrenFromProc(pid) : childrenFromPgrep(pid);
  return ids.flatMap((id) => findProcess(id) ?? []);
}

/** Resolves when no such process runs any more; rejects when it stays. */
export async function waitUntilGone(pid: number): Promise<void> {
  const deadline = performance.now() + GONE_WITHIN_MS;
  const process = findProcess(pid);
  while (process && findProcess(pid)?.startedAt === process.startedAt) {
    if (performance.now() > deadline) throw new Error(`process ${pid} does not end: ${process.commandLine}`);
    await sleep(GONE_POLL_MS);
  }
}

/** Linux lists children by the thread that started them (proc(5)). */
function childrenFromProc(pid: number): number[] {
  try {
    const threads = readdirSync(`/proc/${pid}/task`);
    return threads.flatMap((thread) => numbersIn(readFileSync(`/proc/${pid}/task/${thread}/children`, "utf8")));
  } catch {
    return []; // it has ended
  }
}

function childrenFromPgrep(pid: number): number[] {
  return numbersIn(spawnSync("pgrep", ["-P", String(pid)], { encoding: "utf8" }).stdout);
}

function numbersIn(text: string): number[] {
  return text.split(/\s+/).filter(Boolean).map(Number);
}
