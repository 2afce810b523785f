/** What a carrier told us about its SMPP service, with what we assume where it said nothing. */
import type { ConnectionOptions } from "node:tls";
import type { Log } from "../../platform/log.ts";

export interface SmppOptions {
  /** Our own name of this provider, as routes and logs use it. */
  name: string;
  host: string;
  port: number;
  systemId: string;
  password: string;
  systemType?: string;
  serviceType?: string;
  /** True for TLS; its details where the carrier has a certificate of its own making. */
  tls?: boolean | ConnectionOptions;
  log: Log;
  /** How many connections to keep bound. */
  binds?: number;
  /** Some carriers want separate connections for each direction: then each of `binds` is a pair. */
  bindAs?: "transceiver" | "transmitter-and-receiver";
  /** Parts unanswered at once on one bind. */
  windowSize?: number;
  /** Parts a second that the carrier agreed to, over all binds. */
  maxPerSecond?: number;
  /** Some carriers answer a submit with the id in one base, and put it in the receipt's text in the other. */
  messageIdFormat?: MessageIdFormat;
  /** How to say until when a message is worth delivering: relative needs no agreement about clocks. */
  validity?: "relative" | "absolute";
  requestTimeoutMs?: number;
  enquireLinkMs?: number;
  connectTimeoutMs?: number;
  reconnectMinMs?: number;
  reconnectMaxMs?: number;
}

export type MessageIdFormat = "as-is" | "hex-in-submit" | "decimal-in-submit";

export type Settings = Required<Omit<SmppOptions, "tls" | "maxPerSecond">> & {
  maxPerSecond?: number;
  /** Present for TLS. */
  tls: ConnectionOptions | undefined;
};

const DEFAULTS = {
  systemType: "",
  serviceType: "",
  binds: 1,
  bindAs: "transceiver",
  windowSize: 100,
  messageIdFormat: "as-is",
  validity: "relative",
  requestTimeoutMs: 10_000,
  enquireLinkMs: 15_000,
  connectTimeoutMs: 10_000,
  reconnectMinMs: 250,
  reconnectMaxMs: 30_000,
} as const satisfies Partial<SmppOptions>;

export function withDefaults(options: SmppOptions): Settings {
  const tls = options.tls === true ? {} : options.tls || undefined;
  return { ...DEFAULTS, ...options, tls };
}
