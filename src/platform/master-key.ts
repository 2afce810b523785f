/**
 * The master key: from the environment (as text, or the path of a file that holds it), else from `master.key` in the data folder, made
 * once and readable by its owner alone. A database elsewhere may be shared by machines, so with one the key is never made here.
 */
import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { CannotStart } from "./cannot-start.ts";
import { type MasterKey, newMasterKeyText, parseMasterKey } from "./sealing.ts";

const KEY_FILE = "master.key";
const OWNER_ONLY = 0o600;

export interface MasterKeySource {
  dataDir: string;
  /** What the environment gives. */
  masterKey: string | undefined;
  /** Set: the database is not the embedded one. */
  databaseUrl: string | undefined;
}

/** Loads the key; makes one for a new embedded installation. Throws `CannotStart` when there is none, or it cannot be read. */
export async function loadMasterKey(source: MasterKeySource, options: { mayMake: boolean }): Promise<MasterKey> {
  const file = masterKeyFile(source.dataDir);
  if (source.masterKey !== undefined) return await keyFromEnvironment(source.masterKey);
  if (existsSync(file)) return parsed(await readFile(file, "utf8"), file);
  if (source.databaseUrl !== undefined) {
    throw new CannotStart(
      "With DATABASE_URL set, PENNYPOST_MASTER_KEY must hold the master key or the path of its file",
    );
  }
  if (!options.mayMake)
    throw new CannotStart(
      `The master key ${file} is missing: without it what is sealed cannot be opened. Put it back.`,
    );
  await mkdir(source.dataDir, { recursive: true, mode: 0o711 });
  const text = newMasterKeyText();
  await writeFile(file, `${text}\n`, { mode: OWNER_ONLY, flag: "wx" });
  return parsed(text, file);
}

export function masterKeyFile(dataDir: string): string {
  return path.join(dataDir, KEY_FILE);
}

async function keyFromEnvironment(value: string): Promise<MasterKey> {
  const key = parseMasterKey(value);
  if (key) return key;
  const looksLikePath = value.includes(path.sep) && existsSync(value);
  if (looksLikePath) return parsed(await readFile(value, "utf8"), value);
  throw new CannotStart(
    "PENNYPOST_MASTER_KEY must be 32 bytes in base64 or hex, or the path of a file that holds them",
  );
}

function parsed(text: string, file: string): MasterKey {
  const key = parseMasterKey(text);
  if (!key) throw new CannotStart(`The master key in ${file} is not 32 bytes in base64 or hex`);
  return key;
}
