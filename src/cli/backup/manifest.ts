/** What a backup says about itself: before the tables, what they are; after them, what they held. */
import { Refusal } from "../../core/refusal.ts";
import type { AppliedMigration } from "../../platform/migrations.ts";

export const BACKUP_FORMAT = 2;
/** The first held no files: there were none. */
const FORMATS_READ: readonly number[] = [1, BACKUP_FORMAT];
export const HEAD_FILE = "backup.json";
export const MANIFEST_FILE = "manifest.json";

export interface BackedUpTable {
  name: string;
  columns: readonly string[];
}

/** A daily partition, as it must be made before rows find their place. */
export interface BackedUpPartition {
  parent: string;
  name: string;
  /** `FOR VALUES FROM ('…') TO ('…')` */
  bounds: string;
  /** `fillfactor=80` */
  options: string;
}

export interface BackupHead {
  format: number;
  productVersion: string;
  postgresVersion: string;
  madeAt: string;
  migrations: readonly AppliedMigration[];
  /** In an order in which each comes after those it refers to. */
  tables: readonly BackedUpTable[];
  partitions: readonly BackedUpPartition[];
  masterKeyFingerprint: string;
  /** The key itself, unless it is kept elsewhere. */
  masterKey?: string;
}

export interface TableCount {
  name: string;
  rows: number;
  /** Of the rows, in whatever order they stand: the sum of the first 56 bits of each row's SHA-256. */
  contents: string;
  /** Of the table's files in the archive, one after another. */
  sha256: string;
}

export interface FileCount {
  count: number;
  /** Of a line for each file, in the order of the archive: its key and the SHA-256 of what it holds. */
  sha256: string;
}

export interface BackupManifest {
  tables: readonly TableCount[];
  files: FileCount;
}

const NAME = /^[a-z_][a-z0-9_]{0,62}$/;
const BOUNDS = /^FOR VALUES FROM \('[0-9a-f-]{36}'\) TO \('[0-9a-f-]{36}'\)$/;
const OPTIONS = /^(fillfactor=\d{2,3})?$/;

/** Names and bounds from a file become SQL, so they must look like ours. */
export function parseHead(content: Buffer): BackupHead {
  const head = JSON.parse(content.toString("utf8")) as BackupHead;
  if (!FORMATS_READ.includes(head.format)) {
    throw new Refusal(
      "invalid",
      `The backup is of format ${head.format}, and this version reads ${FORMATS_READ.join(" and ")}`,
    );
  }
  const names = [
    ...head.tables.flatMap(({ name, columns }) => [name, ...columns]),
    ...head.partitions.flatMap(({ name, parent }) => [name, parent]),
  ];
  const isSound = names.every((name) => NAME.test(name)) && head.partitions.every(isSoundPartition);
  if (!isSound) throw new Refusal("invalid", "The backup names tables that cannot be ours");
  return head;
}

function isSoundPartition({ bounds, options }: BackedUpPartition): boolean {
  return BOUNDS.test(bounds) && OPTIONS.test(options);
}
