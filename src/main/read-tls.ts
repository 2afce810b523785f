/** Certificates and keys, which settings name as files; those that are renewed are taken while we run. */
import { unwatchFile, watchFile } from "node:fs";
import { readFile } from "node:fs/promises";
import { createSecureContext } from "node:tls";
import type { TlsFiles } from "../config.ts";
import { CannotStart } from "../platform/cannot-start.ts";
import type { Log } from "../platform/log.ts";

const LOOK_EVERY_MS = 10_000;

export interface Pem {
  cert: string;
  key: string;
}

/** `prefix`: how the settings' names begin. Throws `CannotStart` with the one that is wrong. */
export async function readTls(prefix: string, tls: TlsFiles): Promise<Pem> {
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

interface Watched {
  /** How the settings' names begin. */
  prefix: string;
  tls: TlsFiles;
  log: Log;
  everyMs?: number;
}

/**
 * Has whoever speaks TLS take a certificate that was renewed, for the connections that come after. A pair that does not fit, as it stands
 * between the writing of one file and the other, changes nothing. Returns what ends it.
 */
export function watchTls(watched: Watched, take: (pem: Pem) => void): () => void {
  const { prefix, tls, log, everyMs = LOOK_EVERY_MS } = watched;
  const files = [tls.certificateFile, tls.keyFile];
  const renew = async (): Promise<void> => {
    try {
      take(await readTls(prefix, tls));
      log.info("tls.renewed", { setting: `${prefix}_TLS_CERTIFICATE` });
    } catch (error) {
      if (!(error instanceof CannotStart)) throw error;
      log.warn("tls.not-renewed", { reason: error.message });
    }
  };
  const onChange = (): void => void renew();
  for (const file of files) watchFile(file, { interval: everyMs, persistent: false }, onChange);
  return () => {
    for (const file of files) unwatchFile(file, onChange);
  };
}
