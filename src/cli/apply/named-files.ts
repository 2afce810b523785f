/** Files as a declaration names them: read from where it stands, compared by what is in them, refused where they are named. */
import { createHash } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { Refusal } from "../../core/refusal.ts";
import { FormRefusal } from "../../flow/form-refusal.ts";
import { type Place, refuseAt } from "./read.ts";

/** More than anything here may be, so that nobody waits for a film to be read. */
const FILE_MAX_BYTES = 16 * 1024 * 1024;
const DIGEST_CHARACTERS = 16;

/** Reads what a path says from a folder. Throws the system's own error, or a refusal. */
export function readerFrom(folder: string): (path: string) => Buffer {
  return (path) => {
    const file = resolve(folder, path);
    if (statSync(file).size > FILE_MAX_BYTES) throw new Refusal("invalid", "it is larger than 16 MB");
    return readFileSync(file);
  };
}

/** What the audit log and a dry run show of a file: whether it is another.  "1043 bytes, sha256 1f2d3c4b5a697887" */
export function contentWord(bytes: Buffer): string {
  const digest = createHash("sha256").update(bytes).digest("hex").slice(0, DIGEST_CHARACTERS);
  return `${bytes.length} bytes, sha256 ${digest}`;
}

/** What a rule of ours refuses is refused at the field of the file it is about; `fields` says which that is, by the rule's own names. */
export async function refusedAt<T>(
  place: Place,
  fields: Readonly<Record<string, string>>,
  work: () => T | Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const named = error instanceof FormRefusal ? error.problems[0]?.field : undefined;
    const field = fields[named ?? ""] ?? Object.values(fields)[0] ?? "";
    return refuseAt({ path: [...place.path, field], source: place.source }, `cannot be used: ${error.message}`);
  }
}
