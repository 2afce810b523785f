/** One application of a declaration: its transaction, what it has changed so far, and the secrets it has made. */
import type { Tx } from "../../platform/db.ts";
import type { OpeningKeys } from "../../records/services/service-store.ts";
import type { StagedFiles } from "./staged-files.ts";

export type Fields = Record<string, unknown>;

export interface Change {
  action: "created" | "updated" | "removed";
  /** `template`, `API key` … */
  kind: string;
  /** Its name, and whose it is. */
  name: string;
  serviceId?: string | undefined;
  /** Only the fields that differ; never a secret, never a recipient. */
  before?: Fields;
  after?: Fields;
}

/** Something we made up, for its holder to keep: it can be shown this once. */
export interface CreatedSecret {
  kind: string;
  name: string;
  value: string;
}

export interface Run {
  tx: Tx;
  keys: OpeningKeys;
  /** For the audit log and the templates' history. */
  actor: string;
  /** Whether what a list of the file does not name is removed. */
  prunes: boolean;
  changes: Change[];
  unchanged: { count: number };
  secrets: CreatedSecret[];
  files: StagedFiles;
  now: Date;
}

/** The service whose parts are being applied. */
export interface Owner {
  serviceId: string;
  dataKey: Buffer;
  searchIndex: Buffer;
  name: string;
  /** Whom recipients may ask about files is said. */
  hasFilesContact: boolean;
}

/** The service as what seals files knows it. */
export function sealerOf({ serviceId: id, dataKey }: Owner): { id: string; dataKey: Buffer } {
  return { id, dataKey };
}
