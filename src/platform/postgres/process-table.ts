/**
 * What the operating system says of a process that we may not have started. A process id alone proves nothing: ids are used
 * again, soon so in a container. With the time it started, it names one process.
 */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";

export interface RunningProcess {
  pid: number;
  /** When it started, in the system's own terms: only good for comparing. */
  startedAt: string;
  /** Its arguments, joined by spaces. */
  commandLine: string;
}

/** The process of this id; undefined when there is none, or only the remains of one that nobody has waited for. */
export function findProcess(pid: number): RunningProcess | undefined {
  return existsSync("/proc/self/stat") ? fromProc(pid) : fromPs(pid);
}

function fromProc(pid: number): RunningProcess | undefined {
  try {
    const stat = parseProcStat(readFileSync(`/proc/${pid}/stat`, "utf8"));
    if (stat.ended) return undefined;
    const args = readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
    return { pid, startedAt: stat.startedAt, commandLine: args.join(" ").trimEnd() };
  } catch {
    return undefined;
  }
}

/** Reads `/proc/<pid>/stat` (proc(5)). The name, in parentheses, may hold spaces and parentheses: fields count after it. */
export function parseProcStat(text: string): { ended: boolean; startedAt: string } {
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  const [state = "Z"] = fields; // field 3
  const startedAt = fields[19] ?? ""; // field 22, in clock ticks since the machine started
  return { ended: state === "Z" || state === "X", startedAt };
}

function fromPs(pid: number): RunningProcess | undefined {
  const ps = spawnSync("ps", ["-ww", "-o", "stat=,lstart=,args=", "-p", String(pid)], { encoding: "utf8" });
  return ps.status === 0 ? parsePsLine(pid, ps.stdout) : undefined;
}

/** Reads a line such as `Ss   Sun Nov 22 16:19:00 2026     /opt/postgres -D /data`. */
export function parsePsLine(pid: number, line: string): RunningProcess | undefined {
  const match = /^\s*(\S+)\s+(\S+\s+\S+\s+\S+\s+\S+\s+\S+)\s+(.*?)\s*$/.exec(line);
  const [, state = "Z", startedAt = "", commandLine = ""] = match ?? [];
  return state.startsWith("Z") ? undefined : { pid, startedAt, commandLine };
}
