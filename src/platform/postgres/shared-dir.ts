/** A folder outside the data folder for what the server's user must reach: open to enter, with closed clusters inside. */
import { chmodSync, existsSync, mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { CannotStart } from "../cannot-start.ts";

export const SHARED_DIR = "/var/lib/pennypost";

/** Makes the folder and those above it, open to enter whatever our umask. */
export function makeSharedDir(dir: string): void {
  if (existsSync(dir)) return;
  makeSharedDir(dirname(dir));
  try {
    mkdirSync(dir, { recursive: true });
    chmodSync(dir, 0o755);
  } catch (cause) {
    throw new CannotStart(
      `Cannot make ${dir}, where the database would go because its user cannot enter the data folder: set PENNYPOST_DATA_DIR to a folder that others may enter`,
      { cause },
    );
  }
}
