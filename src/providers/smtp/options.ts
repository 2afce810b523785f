/** What an operator says about a mail relay. */
import type { Log } from "../../platform/log.ts";
import type { DkimKey } from "../../platform/smtp/dkim-keys.ts";

/** Encryption begun with STARTTLS and required (port 587), from the first byte (465), or none at all, for a relay on this machine. */
export type MailSecurity = "starttls" | "tls" | "none";

export interface SmtpProviderOptions {
  name: string;
  host: string;
  port: number;
  /** Default `starttls`. */
  security?: MailSecurity;
  /** Authority to trust instead of the usual ones, in PEM: for a relay with a certificate of the organisation's own. */
  caPem?: string;
  auth?: { user: string; password: string };
  /** How we greet; the host's own name by default. */
  ehloName?: string;
  /** Mails handed over at the same time; default 10. */
  maxConnections?: number;
  /** A connection is closed after this many mails, before the relay does so in the middle of the next; default 100. */
  mailsPerConnection?: number;
  /** The domain whose MX is our port for bounces, and the secret that signs return paths. Without it bounces go to the From address. */
  bounces?: { domain: string; secret: string };
  /** Keys of the domains we sign for ourselves; leave them out when the relay signs. */
  dkim?: readonly DkimKey[];
  log: Log;
}
