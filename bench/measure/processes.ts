/** Processor time and memory of processes, as Linux counts them (proc(5)). */
import { readdirSync, readFileSync } from "node:fs";

/** Linux counts processor time in hundredths of a second for all who ask through /proc. */
const TICK_MICROSECONDS = 10_000;
const KIBIBYTE = 1_024;
const MEGABYTE = 1_000_000;

/** Fields of /proc/<pid>/stat after the name, from its third on. */
const STAT = { parent: 1, userTime: 11, systemTime: 12, endedUserTime: 13, endedSystemTime: 14 } as const;

export interface ProcessInfo {
  pid: number;
  parent: number;
  command: string[];
}

export function listProcesses(): ProcessInfo[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      const pid = Number(name);
      const fields = statOf(pid);
      return fields ? [{ pid, parent: fields[STAT.parent] ?? 0, command: commandOf(pid) }] : [];
    });
}

/** Processor time so far of a process, in microseconds; 0 when it is gone. */
export function processorTime(pid: number): number {
  const fields = statOf(pid);
  return fields ? ticks(fields, ["userTime", "systemTime"]) * TICK_MICROSECONDS : 0;
}

/** The same of a process, its children, and those of its children that have ended and been waited for. */
export function processorTimeOfTree(pid: number): number {
  const fields = statOf(pid);
  if (!fields) return 0;
  const own = ticks(fields, ["userTime", "systemTime", "endedUserTime", "endedSystemTime"]) * TICK_MICROSECONDS;
  const children = listProcesses().filter(({ parent }) => parent === pid);
  return children.reduce((sum, child) => sum + processorTime(child.pid), own);
}

/** Of the whole machine, in microseconds: all processors' time so far, and how much of it something ran. */
export function machineTime(): { total: number; busy: number } {
  const [, ...fields] = (read("/proc/stat") ?? "").split("\n", 1)[0]?.split(/\s+/) ?? [];
  // user nice system idle iowait irq softirq steal; guests' time is in the first two already.
  const counted = fields.slice(0, 8).map((field) => Number(field) * TICK_MICROSECONDS);
  const [idle = 0, waiting = 0] = counted.slice(3, 5);
  const total = counted.reduce((sum, time) => sum + time, 0);
  return { total, busy: total - idle - waiting };
}

export interface Memory {
  residentMb: number;
  /** The most that was resident at any time since the process began. */
  peakMb: number;
}

export function memoryOf(pid: number): Memory {
  const status = read(`/proc/${pid}/status`) ?? "";
  return { residentMb: kilobytes(status, "VmRSS"), peakMb: kilobytes(status, "VmHWM") };
}

/** Of several processes that share memory, each shared page divided by those who share it. */
export function sharedMemoryOfTree(pid: number): number {
  const pids = [pid, ...listProcesses().flatMap((info) => (info.parent === pid ? [info.pid] : []))];
  return pids.reduce((sum, one) => sum + kilobytes(read(`/proc/${one}/smaps_rollup`) ?? "", "Pss"), 0);
}

function statOf(pid: number): number[] | undefined {
  const stat = read(`/proc/${pid}/stat`);
  // The name may hold spaces and brackets; the fields begin after its last bracket.
  return stat
    ?.slice(stat.lastIndexOf(")") + 2)
    .split(" ")
    .map(Number);
}

function ticks(fields: readonly number[], names: readonly (keyof typeof STAT)[]): number {
  return names.reduce((sum, name) => sum + (fields[STAT[name]] ?? 0), 0);
}

function commandOf(pid: number): string[] {
  return (read(`/proc/${pid}/cmdline`) ?? "").split("\0").filter(Boolean);
}

function kilobytes(text: string, name: string): number {
  const found = new RegExp(`^${name}:\\s+(\\d+) kB`, "m").exec(text);
  return (Number(found?.[1] ?? 0) * KIBIBYTE) / MEGABYTE;
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined; // It has ended.
  }
}
