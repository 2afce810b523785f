/** Connections to one SFTP server: a few at most, each used by one piece of work at a time, and closed when nobody needs it. */
import { createHash } from "node:crypto";
import type SftpClient from "ssh2-sftp-client";
import { hostKeysOf, type PrintSftpOptions } from "./options.ts";

const PORT_DEFAULT = 22;
const CONNECTIONS_DEFAULT = 4;
const CONNECT_TIMEOUT_MS = 15_000;
/** One file is written or read, or one folder listed, within this time. */
const STEP_TIMEOUT_MS = 60_000;
const KEEPALIVE_MS = 10_000;
const IDLE_MS = 5_000;
/** The library would write to standard output; every failure is in the promise of what was under way. */
const UNHEARD = { error: () => {}, end: () => {}, close: () => {} };

interface Idle {
  client: SftpClient;
  closing: NodeJS.Timeout;
}

export class Sessions {
  readonly #options: PrintSftpOptions;
  readonly #hostKeys: ReadonlySet<string>;
  readonly #idle: Idle[] = [];
  readonly #waiting: (() => void)[] = [];
  readonly #max: number;
  #busy = 0;

  constructor(options: PrintSftpOptions) {
    this.#options = options;
    this.#hostKeys = hostKeysOf(options);
    this.#max = options.connections ?? CONNECTIONS_DEFAULT;
  }

  /** How many pieces of work could begin at once. */
  get free(): number {
    return Math.max(0, this.#max - this.#busy);
  }

  /** Waits for a connection, and works with it. One that fails is closed; the next piece of work gets a new one. */
  async use<Result>(work: (client: SftpClient) => Promise<Result>): Promise<Result> {
    if (this.#busy >= this.#max) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    else this.#busy += 1;
    try {
      return await this.#workWith(this.#takeIdle() ?? (await this.#connect()), work);
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#busy -= 1;
    }
  }

  async close(): Promise<void> {
    const idle = this.#idle.splice(0);
    for (const { closing } of idle) clearTimeout(closing);
    await Promise.allSettled(idle.map(({ client }) => client.end()));
  }

  async #workWith<Result>(client: SftpClient, work: (client: SftpClient) => Promise<Result>): Promise<Result> {
    try {
      const result = await withinTime(work(client));
      this.#putIdle(client);
      return result;
    } catch (error) {
      void client.end().catch(() => undefined);
      throw error;
    }
  }

  #takeIdle(): SftpClient | undefined {
    const idle = this.#idle.pop();
    clearTimeout(idle?.closing);
    return idle?.client;
  }

  #putIdle(client: SftpClient): void {
    const entry: Idle = {
      client,
      closing: setTimeout(() => {
        this.#idle.splice(this.#idle.indexOf(entry), 1);
        void client.end().catch(() => undefined);
      }, IDLE_MS).unref(),
    };
    this.#idle.push(entry);
  }

  async #connect(): Promise<SftpClient> {
    const { host, port = PORT_DEFAULT, user, password, privateKey, passphrase } = this.#options;
    const { default: Client } = await import("ssh2-sftp-client"); // 17 MB that only those who print by SFTP need
    const client = new Client("sftp", UNHEARD);
    await client.connect({
      host,
      port,
      username: user,
      ...(password === undefined ? {} : { password }),
      ...(privateKey === undefined ? {} : { privateKey }),
      ...(passphrase === undefined ? {} : { passphrase }),
      readyTimeout: CONNECT_TIMEOUT_MS,
      keepaliveInterval: KEEPALIVE_MS,
      hostVerifier: (key: Buffer) => this.#hostKeys.has(fingerprintOf(key)),
    });
    return client;
  }
}

/** As OpenSSH prints it (RFC 4648 base64 without padding). */
function fingerprintOf(key: Buffer): string {
  return `SHA256:${createHash("sha256").update(key).digest("base64").replace(/=+$/, "")}`;
}

function withinTime<Result>(work: Promise<Result>): Promise<Result> {
  let deadline: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    deadline = setTimeout(() => reject(new Error("timed out")), STEP_TIMEOUT_MS);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(deadline));
}
