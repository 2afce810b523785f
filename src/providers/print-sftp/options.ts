/** What an operator says about a printer that collects letters from an SFTP server. */
import type { Log } from "../../platform/log.ts";

export interface PrintSftpOptions {
  name: string;
  host: string;
  /** Default 22. */
  port?: number;
  user: string;
  password?: string;
  /** In OpenSSH's or PEM form; `passphrase` opens it. */
  privateKey?: string;
  passphrase?: string;
  /**
   * The server's key, as `ssh-keygen -lf` prints it: `SHA256:` and 43 characters. Several, with spaces between, while a server changes
   * its key. No other server is spoken to.
   */
  hostKey: string;
  /** Where runs are put, each in a folder of its own. */
  folder: string;
  /** Where the printer leaves its reports; none are read when left out. */
  reportsFolder?: string;
  /** How often reports are looked for, and whether the server is there; default 300. */
  reportsEverySeconds?: number;
  /** Letters on their way at once, each over a connection of its own; default 4. */
  connections?: number;
  log: Log;
}

const FINGERPRINT = /^SHA256:[A-Za-z0-9+/]{43}$/;

/** The keys a server may show. Throws when one is not written as a fingerprint. */
export function hostKeysOf({ name, hostKey }: Pick<PrintSftpOptions, "name" | "hostKey">): ReadonlySet<string> {
  const keys = hostKey.split(/\s+/).filter((key) => key !== "");
  const bad = keys.length === 0 || keys.some((key) => !FINGERPRINT.test(key));
  if (bad)
    throw new Error(`Provider "${name}": settings.hostKey must be a fingerprint as ssh-keygen -lf prints it: SHA256:…`);
  return new Set(keys);
}
