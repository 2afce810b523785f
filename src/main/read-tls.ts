/** The certificate and key of a door, which its settings name as files. */
import { readFile } from "node:fs/promises";
import { createSecureContext } from "node:tls";
import type { DoorConfig } from "../config.ts";
import { CannotStart } from "../platform/cannot-start.ts";

/** `prefix`: how the settings' names begin. Throws `CannotStart` with the one that is wrong. */
export async function readTls(
  prefix: string,
  { tls }: Pick<DoorConfig, "tls">,
): Promise<{ cert: string; key: string } | undefined> {
  if (!tls) return undefined;
  const cert = await readPem(`${prefix}_TLS_CERTIFICATE`, tls.certificateFile);
  const key = await readPem(`${prefix}_TLS_KEY`, tls.keyFile);
  try {
    createSecureContext({ cert, key });
  } catch {
    throw new CannotStart(`${prefix}_TLS_CERTIFICATE and ${prefix}_TLS_KEY are no certificate and its key`);
  }
  return { cert, key };
}

async function readPem(setting: string, file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    throw new CannotStart(`${setting} names ${file}, which cannot be read (${(error as NodeJS.ErrnoException).code})`);
  }
}
