/** Pennypost as an operator starts it, and the processes it is made of. */
import { join } from "node:path";
import { NODE_ARGUMENTS } from "../src/main/node-arguments.ts";
import { listProcesses } from "./measure/processes.ts";
import { answers, type Running, startProgram } from "./running.ts";
import type { Site } from "./site.ts";

export interface Product extends Running {
  /** Its processes by what they are: start, web, worker, sandbox. */
  roles(): Map<string, number>;
}

/** All of it, or only what takes requests. */
export async function startProduct(site: Site, which: "all" | "web"): Promise<Product> {
  const bin = join(site.root, "bin/pennypost.mjs");
  const program = await startProgram({
    command: process.execPath,
    args: which === "web" ? [...NODE_ARGUMENTS, bin, "start", "--roles", "web"] : [bin, "start", "--no-demo"],
    env: site.environment,
    logFile: join(site.folder, "pennypost.log"),
    isReady: () => answers(`http://127.0.0.1:${site.ports.web}/_status?simple=1`),
  });
  return { ...program, roles: () => rolesOf(program.pid, which) };
}

function rolesOf(pid: number, which: "all" | "web"): Map<string, number> {
  if (which === "web") return new Map([["web", pid]]);
  const children = listProcesses().filter(({ parent }) => parent === pid);
  const named = children.flatMap((child): [string, number][] => {
    const role = child.command[child.command.indexOf("--roles") + 1];
    return role === undefined ? [] : [[role, child.pid]];
  });
  return new Map([["start", pid], ...named]);
}
