/**
 * What the data folder keeps of its cluster: the password, the port, where the cluster is, and an id that tells our server
 * from every other. Without this file nobody gets into the cluster, so neither is ever made anew while the other is there.
 */
import { randomBytes, randomUUID } from "node:crypto";
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { CannotStart } from "../cannot-start.ts";
import { giveToFolderOwner } from "./account.ts";

export interface ClusterRecord {
  /** Ours alone: on the server's command line and in its cluster, so that no other server is taken for it. */
  instance: string;
  password: string;
  /** Where it listened last; kept for the next start when it is free. */
  port: number | undefined;
  /** The cluster's folder: a name within the data folder, or a whole path outside it. */
  cluster: string;
  /** Set once the cluster has been made: from then on a missing cluster is a loss, not a beginning. */
  madeAt: string | undefined;
}

const PASSWORD_BYTES = 32;

export function newRecord(cluster: string): ClusterRecord {
  const password = randomBytes(PASSWORD_BYTES).toString("base64url");
  return { instance: randomUUID(), password, port: undefined, cluster, madeAt: undefined };
}

export function readRecord(file: string): ClusterRecord | undefined {
  if (!existsSync(file)) return undefined;
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch (cause) {
    throw new CannotStart(`Cannot read ${file}, which holds the database's password: put a good copy back`, { cause });
  }
}

/** The file is whole at every moment, and only the owner of the data folder can read it. */
export function writeRecord(file: string, record: ClusterRecord): void {
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, `${JSON.stringify(record, null, 2)}\n`, { mode: 0o600 });
  giveToFolderOwner(draft);
  renameSync(draft, file);
}

export function connectionUrl(record: ClusterRecord, port: number): string {
  return `postgres://pennypost:${record.password}@127.0.0.1:${port}/pennypost`;
}

/** The name by which the server of this record calls itself (`cluster_name`). */
export function clusterName(record: ClusterRecord): string {
  return `pennypost-${record.instance}`;
}

/**
 * What to do with what was found on disk: make the cluster, use it, or refuse because one half is missing or belongs to
 * another data folder.
 */
export function judgeCluster(found: {
  record: ClusterRecord | undefined;
  recordFile: string;
  clusterExists: boolean;
  clusterDir: string;
  /** `clusterDir` as a new record would name it. */
  cluster: string;
}): { kind: "make" | "use" } | { kind: "refuse"; why: string } {
  const { record, recordFile, clusterExists, clusterDir } = found;
  if (!record) {
    if (!clusterExists) return { kind: "make" };
    const why = `There is a database in ${clusterDir}, but its password is missing: put ${recordFile} back, or remove ${clusterDir} to begin anew`;
    return { kind: "refuse", why };
  }
  if (record.cluster !== found.cluster) {
    const why = `The database of this data folder was made in ${record.cluster} and would now be looked for in ${clusterDir}: the folder was moved or copied, or the database's user cannot enter it any more. Undo that, or remove ${recordFile} to begin anew`;
    return { kind: "refuse", why };
  }
  if (clusterExists || !record.madeAt) return { kind: clusterExists ? "use" : "make" };
  const why = `The database in ${clusterDir} is gone: put it back, or remove ${recordFile} to begin anew`;
  return { kind: "refuse", why };
}
