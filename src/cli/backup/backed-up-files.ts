/**
 * The files that messages and letters have beside the database, in a backup as they are kept: sealed. They follow the tables, so that
 * every file a row speaks of is there, unless it was removed meanwhile.
 */
import { createHash } from "node:crypto";
import { Refusal } from "../../core/refusal.ts";
import type { Blobs } from "../../platform/blobs.ts";
import type { FileCount } from "./manifest.ts";

const FOLDER = "files/";
/** Keys from an archive become paths, so they must look like ours. */
const KEY = /^[a-z]+(\/[a-z0-9][a-z0-9.-]*)+$/;

/** Counts files, and sums up what they hold. */
class FileSum {
  readonly #hash = createHash("sha256");
  #count = 0;

  add(key: string, content: Buffer): void {
    this.#count += 1;
    this.#hash.update(`${key} ${createHash("sha256").update(content).digest("hex")}\n`);
  }

  get total(): FileCount {
    return { count: this.#count, sha256: this.#hash.copy().digest("hex") };
  }
}

export const NO_FILES: FileCount = new FileSum().total;

/** Writes every file that is kept. */
export async function writeFiles(
  blobs: Blobs,
  put: (name: string, content: Buffer) => Promise<void>,
): Promise<FileCount> {
  const sum = new FileSum();
  for await (const key of blobs.list()) {
    const content = KEY.test(key) ? await blobs.find(key) : undefined;
    if (!content) continue; // somebody else's, or removed since it was listed
    sum.add(key, content);
    await put(`${FOLDER}${key}`, content);
  }
  return sum.total;
}

/** Whether an entry of an archive is a file of this sort. */
export function isFileEntry(name: string): boolean {
  return name.startsWith(FOLDER);
}

/** Files on their way in. The store is opened for the first of them. */
export class FileCopy {
  readonly #openStore: () => Promise<Blobs>;
  readonly #sum = new FileSum();
  readonly #keys: string[] = [];
  #store: Blobs | undefined;

  constructor(openStore: () => Promise<Blobs>) {
    this.#openStore = openStore;
  }

  async write(name: string, content: Buffer): Promise<void> {
    const key = name.slice(FOLDER.length);
    if (!KEY.test(key)) throw new Refusal("invalid", "The backup holds a file that cannot be ours");
    this.#store ??= await this.#openStore();
    this.#keys.push(key);
    await this.#store.put(key, content);
    this.#sum.add(key, content);
  }

  /** Refuses what is not as the backup says. */
  refuseDifference(said: FileCount): void {
    const { count, sha256 } = this.#sum.total;
    if (said.count === count && said.sha256 === sha256) return;
    throw new Refusal(
      "invalid",
      `The backup is damaged: it held ${said.count} files, and ${count} came out, or others. Nothing was kept`,
    );
  }

  /** Of a backup that is not kept after all. */
  async takeBack(): Promise<void> {
    for (const key of this.#keys) await this.#store?.delete(key);
  }
}
