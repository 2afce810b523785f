/**
 * A cluster: the folder that a PostgreSQL server keeps its databases in. It is found or made here, with its password.
 *
 * Two roles: `postgres`, the superuser, whom no network connection reaches, and `pennypost`, who owns the database.
 */
import { createHash } from "node:crypto";
import { chownSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CannotStart } from "../cannot-start.ts";
import type { Log } from "../log.ts";
import { type Account, canEnter, chooseAccount } from "./account.ts";
import { type ClusterRecord, judgeCluster, newRecord, readRecord, writeRecord } from "./cluster-record.ts";
import { runProgram } from "./run-program.ts";
import { makeSharedDir } from "./shared-dir.ts";

/** Data folders are named by major version: another version cannot read them. */
const CLUSTER_FOLDER = "postgres-18";
const RECORD_FILE = "postgres.json";
const INSTANCE_FILE = "pennypost-instance";
const HASH_CHARACTERS = 16;

export interface ClusterPlace {
  clusterDir: string;
  /** `clusterDir` as the record names it: survives a move of the data folder when the cluster is inside it. */
  cluster: string;
  recordFile: string;
  isOutside: boolean;
  /** Who runs its server; undefined means ourselves. */
  account: Account | undefined;
}

/** Where the cluster of a data folder (its real path) is, whether or not it has been made, and who runs its server. */
export function placeCluster(options: { dataDir: string; sharedDir: string }): ClusterPlace {
  const recordFile = join(options.dataDir, RECORD_FILE);
  const inside = join(options.dataDir, CLUSTER_FOLDER);
  const account = accountOf(inside, chooseAccount());
  if (canEnter(account, options.dataDir)) {
    return { clusterDir: inside, cluster: CLUSTER_FOLDER, recordFile, isOutside: false, account };
  }
  const hash = createHash("sha256").update(options.dataDir).digest("hex").slice(0, HASH_CHARACTERS);
  const outside = join(options.sharedDir, hash, CLUSTER_FOLDER);
  return { clusterDir: outside, cluster: outside, recordFile, isOutside: true, account: accountOf(outside, account) };
}

/** An existing cluster's server runs as the user who owns its files. */
function accountOf(clusterDir: string, account: Account | undefined): Account | undefined {
  const owner = statSync(clusterDir, { throwIfNoEntry: false });
  const us = account?.uid ?? process.getuid?.();
  if (!owner || owner.uid === us) return account;
  if (account && owner.uid !== 0) return { name: `user ${owner.uid}`, uid: owner.uid, gid: owner.gid };
  throw new CannotStart(
    `The database in ${clusterDir} belongs to user ${owner.uid} and cannot be run by user ${us}: start as that user, or give the folder to user ${us} (chown -R)`,
  );
}

/** Finds the cluster, or makes it when this data folder never had one. Only the owner of the data folder may call this. */
export async function openCluster(options: {
  place: ClusterPlace;
  binDir: string;
  /** Whether to wait until its files are on the disk. */
  sync: boolean;
  log: Log;
}): Promise<ClusterRecord> {
  const { clusterDir, cluster, recordFile } = options.place;
  const record = readRecord(recordFile);
  const verdict = judgeCluster({ ...options.place, record, clusterExists: existsSync(clusterDir) });
  if (verdict.kind === "refuse") throw new CannotStart(verdict.why);
  if (verdict.kind === "make") return makeCluster(options, record ?? newRecord(cluster));
  return checkInstance(record ?? newRecord(cluster), clusterDir, recordFile);
}

async function makeCluster(options: Parameters<typeof openCluster>[0], record: ClusterRecord): Promise<ClusterRecord> {
  const { clusterDir, recordFile, account } = options.place;
  const startedAt = performance.now();
  const draft = `${clusterDir}.new`;
  makeEmptyDir(draft, account);
  await initialise(draft, { ...options, account }, record);
  writeRecord(recordFile, record);
  renameSync(draft, clusterDir);
  const made = { ...record, madeAt: new Date().toISOString() };
  writeRecord(recordFile, made);
  options.log.info("postgres.made", { clusterDir, ms: Math.round(performance.now() - startedAt) });
  return made;
}

function makeEmptyDir(dir: string, account: Account | undefined): void {
  rmSync(dir, { recursive: true, force: true });
  makeSharedDir(join(dir, ".."));
  mkdirSync(dir, { mode: 0o700 });
  if (account) chownSync(dir, account.uid, account.gid);
}

async function initialise(
  dir: string,
  options: { binDir: string; account: Account | undefined; sync: boolean },
  record: ClusterRecord,
): Promise<void> {
  const { binDir, account } = options;
  const locale = ["--encoding=UTF8", "--no-locale", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"];
  const storage = ["--data-checksums", ...(options.sync ? [] : ["--no-sync"])];
  const access = ["--username=postgres", "--auth=reject"];
  const args = ["--pgdata", dir, ...access, ...locale, ...storage, "--no-instructions"];
  await runProgram(join(binDir, "initdb"), args, { account });
  writeFileSync(join(dir, "pg_hba.conf"), "host all pennypost 127.0.0.1/32 scram-sha-256\n");
  writeFileSync(join(dir, INSTANCE_FILE), `${record.instance}\n`);
  // Single-user mode: the only way in that needs neither a running server nor the superuser's password.
  const single = ["--single", "-D", dir, "-c", "exit_on_error=on", "-c", "log_checkpoints=off"];
  const sync = ["-c", `fsync=${options.sync ? "on" : "off"}`];
  await runProgram(join(binDir, "postgres"), [...single, ...sync, "postgres"], { account, input: rolesSql(record) });
}

/** One command a line, as single-user mode reads them. The password has no character that SQL would read as another. */
function rolesSql(record: ClusterRecord): string {
  return [
    `create role pennypost login createdb password '${record.password}'`,
    "grant pg_monitor, pg_checkpoint to pennypost",
    "create database pennypost owner pennypost",
    "",
  ].join("\n");
}

/** A cluster copied from elsewhere has another's password: better said now than as a refused connection. */
function checkInstance(record: ClusterRecord, clusterDir: string, recordFile: string): ClusterRecord {
  const instance = readFileSync(join(clusterDir, INSTANCE_FILE), "utf8").trim();
  if (instance === record.instance) return record;
  throw new CannotStart(
    `The database in ${clusterDir} is not the one that ${recordFile} has the password of: put the two that belong together back`,
  );
}
