/**
 * Runs once, around all test files. It names a folder for a database server and removes what is there in the end; the first
 * test that asks for a database starts the server, so that runs without one do not wait for it.
 */
import { readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { findPostmaster, stopPostmaster } from "../../src/platform/postgres/postmaster.ts";
import { findProcess } from "../../src/platform/postgres/process-table.ts";
import { makeClusterFolder } from "./temporary-cluster.ts";

const FOLDER_PREFIX = "pennypost-test-";

declare module "vitest" {
  interface ProvidedContext {
    /** The data folder of the run's database server. */
    clusterFolder: string;
  }
}

export async function setup(project: TestProject): Promise<() => Promise<void>> {
  await removeWhatKilledRunsLeft();
  const folder = makeClusterFolder(`${FOLDER_PREFIX}${process.pid}-`);
  project.provide("clusterFolder", folder);
  return () => removeCluster(folder);
}

async function removeCluster(folder: string): Promise<void> {
  const server = findPostmaster(join(folder, "postgres-18"));
  if (server) await stopPostmaster(server.pid);
  rmSync(folder, { recursive: true, force: true });
}

async function removeWhatKilledRunsLeft(): Promise<void> {
  for (const name of readdirSync(tmpdir()).filter((entry) => entry.startsWith(FOLDER_PREFIX))) {
    const pid = Number(name.slice(FOLDER_PREFIX.length).split("-")[0]);
    if (!findProcess(pid)) await removeCluster(join(tmpdir(), name));
  }
}
