/** Processor time and memory over a measurement, by role: each process of what is measured, the database, and the helpers. */
import type { Site } from "../site.ts";
import { machineTime, memoryOf, processorTime, processorTimeOfTree, sharedMemoryOfTree } from "./processes.ts";

export type ByRole = Record<string, number>;

const HELPER_ROLES = ["generator", "carrier", "sink"] as const;
/** What is not the measured product's own. */
const isOfTheBench = (role: string): boolean => HELPER_ROLES.some((helper) => helper === role);

export interface Usage {
  /** Microseconds of processor time. */
  cpu: ByRole;
  /** How much of the machine something else took meanwhile, from 0 to 1: the less, the more a rate says. */
  othersShare: number;
}

/** Reads the clock of every process; what it returns tells at the end what has been used since. */
export function startUsage(site: Site, roles: ReadonlyMap<string, number>, usesDatabase: boolean): () => Usage {
  const read = (): ByRole => {
    const own = [...roles].map(([role, pid]) => [role, processorTime(pid)] as const);
    const helpers = HELPER_ROLES.map((role) => [role, processorTime(site.helpers[role].pid)] as const);
    const database = usesDatabase ? [["postgres", processorTimeOfTree(site.postmasterPid)] as const] : [];
    return Object.fromEntries([...own, ...database, ...helpers]);
  };
  const before = read();
  const machineBefore = machineTime();
  return () => {
    const cpu = Object.fromEntries(Object.entries(read()).map(([role, time]) => [role, time - (before[role] ?? 0)]));
    const machine = machineTime();
    const ours = Object.values(cpu).reduce((sum, time) => sum + time, 0);
    const others = Math.max(0, machine.busy - machineBefore.busy - ours);
    return { cpu, othersShare: others / (machine.total - machineBefore.total) };
  };
}

/** Megabytes resident now in each process of the product; of the database's processes together, shared pages once. */
export function residentNow(site: Site, roles: ReadonlyMap<string, number>): ByRole {
  const own = [...roles].map(([role, pid]) => [role, memoryOf(pid).residentMb]);
  return Object.fromEntries([...own, ["postgres", sharedMemoryOfTree(site.postmasterPid)]]);
}

/** The most that was resident in each process since it began. */
export function residentPeak(site: Site, roles: ReadonlyMap<string, number>): ByRole {
  const own = [...roles].map(([role, pid]) => [role, memoryOf(pid).peakMb]);
  return Object.fromEntries([...own, ["postgres", sharedMemoryOfTree(site.postmasterPid)]]);
}

export function perMessage({ cpu, othersShare }: Usage, messages: number): Usage {
  return { cpu: Object.fromEntries(Object.entries(cpu).map(([role, time]) => [role, time / messages])), othersShare };
}

/** Of the product's own processes together. */
export function ownTotal(usage: ByRole): number {
  return Object.entries(usage).reduce((sum, [role, value]) => (isOfTheBench(role) ? sum : sum + value), 0);
}
