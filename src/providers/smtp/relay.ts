/**
 * The connections to one mail relay: a pool, and whether the relay can be reached at all. A relay in doubt is asked at once, outside
 * the pool, and again with growing pauses until it answers.
 */
import { setTimeout as pause } from "node:timers/promises";
import nodemailer from "nodemailer";
import type { MailSecurity, SmtpProviderOptions } from "./options.ts";
import { type SmtpError, unavailable } from "./outcome-of-error.ts";

const CONNECTION_TIMEOUT_MS = 10_000;
const GREETING_TIMEOUT_MS = 30_000;
const SILENCE_TIMEOUT_MS = 60_000;
/** For one mail with everything: waiting for a connection, connecting, sending. */
const SEND_TIMEOUT_MS = 180_000;
const CONNECTIONS_DEFAULT = 10;
const MAILS_PER_CONNECTION_DEFAULT = 100;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 30_000;
const STOP_TIMEOUT_MS = 10_000;
const STOP_LOOK_EVERY_MS = 20;

export interface Envelope {
  from: string;
  to: string;
  /** Asks the relay, if it can, for delivery reports under this envelope id (RFC 3461). */
  reportAs: string | undefined;
}

export type OnAvailability = (isAvailable: boolean, reason: string) => void;

export class Relay {
  readonly #transport;
  readonly #maxConnections: number;
  readonly #stopping = new AbortController();
  #underWay = 0;
  /** Undefined until it was asked for the first time. */
  #isAvailable: boolean | undefined;
  #isAsking = false;
  #tell: OnAvailability = () => {};

  constructor(options: SmtpProviderOptions) {
    this.#maxConnections = options.maxConnections ?? CONNECTIONS_DEFAULT;
    this.#transport = nodemailer.createTransport(poolOptions(options, this.#maxConnections));
  }

  /** Begins asking whether the relay is there, and tells each change. */
  start(onAvailability: OnAvailability): void {
    this.#tell = onAvailability;
    this.doubt();
  }

  /** Resolves once the relay has taken the mail, saying whether it will report on it; rejects with an SmtpError. */
  async send(raw: Buffer, envelope: Envelope): Promise<{ willReport: boolean }> {
    this.#underWay += 1;
    try {
      const sent = await this.#transport.sendMail({
        raw,
        // As an object: nodemailer would read a text as a list of addresses.
        envelope: { from: envelope.from, to: { name: "", address: envelope.to }, size: raw.length },
        ...(envelope.reportAs === undefined ? {} : { dsn: reportsUnder(envelope.reportAs) }),
        signal: AbortSignal.timeout(SEND_TIMEOUT_MS),
      });
      return { willReport: envelope.reportAs !== undefined && announcesDsn(sent.ehlo) };
    } finally {
      this.#underWay -= 1;
    }
  }

  /** Places for further mails: 0 while the relay is not known to be there. */
  capacity(): number {
    if (this.#isAvailable !== true || this.#stopping.signal.aborted) return 0;
    return Math.max(0, this.#maxConnections - this.#underWay);
  }

  /** Finds out whether the relay is still there. */
  doubt(): void {
    if (!this.#isAsking) void this.#askUntilThere();
  }

  /** Waits for the mails under way, bounded, then disconnects. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    const giveUpAt = performance.now() + STOP_TIMEOUT_MS;
    while (this.#underWay > 0 && performance.now() < giveUpAt) await pause(STOP_LOOK_EVERY_MS);
    this.#transport.close({ force: true });
  }

  async #askUntilThere(): Promise<void> {
    this.#isAsking = true;
    let pauseMs = FIRST_PAUSE_MS;
    while (!this.#stopping.signal.aborted) {
      const problem = await this.#ask();
      this.#change(problem === undefined, problem ?? "The mail relay answers");
      if (problem === undefined) break;
      await pause(pauseMs, undefined, { signal: this.#stopping.signal }).catch(() => {});
      pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
    }
    this.#isAsking = false;
  }

  /** Greets and signs in on a connection of its own; undefined when all is well. */
  async #ask(): Promise<string | undefined> {
    try {
      await this.#transport.verify();
      return undefined;
    } catch (error) {
      return unavailable(error as SmtpError).reason;
    }
  }

  #change(isAvailable: boolean, reason: string): void {
    if (isAvailable === this.#isAvailable || this.#stopping.signal.aborted) return;
    this.#isAvailable = isAvailable;
    this.#tell(isAvailable, reason);
  }
}

/** Headers are enough: the content does not have to come back. */
function reportsUnder(envelopeId: string) {
  return {
    id: envelopeId,
    return: "HDRS" as const,
    notify: ["SUCCESS" as const, "FAILURE" as const, "DELAY" as const],
  };
}

function announcesDsn(ehloLines: string[] | undefined): boolean {
  return ehloLines?.some((line) => /^DSN\b/i.test(line)) ?? false;
}

const SECURITY: Record<MailSecurity, { secure: boolean; requireTLS?: boolean; ignoreTLS?: boolean }> = {
  starttls: { secure: false, requireTLS: true },
  tls: { secure: true },
  none: { secure: false, ignoreTLS: true },
};

function poolOptions(options: SmtpProviderOptions, maxConnections: number) {
  return {
    pool: true as const,
    host: options.host,
    port: options.port,
    ...SECURITY[options.security ?? "starttls"],
    ...(options.caPem === undefined ? {} : { tls: { ca: options.caPem } }),
    ...(options.auth === undefined ? {} : { auth: { user: options.auth.user, pass: options.auth.password } }),
    ...(options.ehloName === undefined ? {} : { name: options.ehloName }),
    maxConnections,
    maxMessages: options.mailsPerConnection ?? MAILS_PER_CONNECTION_DEFAULT,
    // Used only for a mail whose connection turns out closed before a word of it was sent.
    maxRequeues: 1,
    connectionTimeout: CONNECTION_TIMEOUT_MS,
    greetingTimeout: GREETING_TIMEOUT_MS,
    socketTimeout: SILENCE_TIMEOUT_MS,
    disableFileAccess: true,
    disableUrlAccess: true,
  };
}
