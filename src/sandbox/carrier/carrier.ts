/**
 * A carrier to play with: a real SMPP server that takes texts, keeps them where the demonstration phone can show them, sends
 * delivery receipts, lets the phone answer, and does badly on request whatever real carriers do badly.
 *
 *     const carrier = await startCarrier({ host: "127.0.0.1", port: 6081, systemId: "pennypost", password, log });
 */
import type { TlsOptions } from "node:tls";
import type { Log } from "../../platform/log.ts";
import { listen } from "../../platform/smpp/listen.ts";
import type { PhoneText } from "./compose-deliveries.ts";
import { type CarrierCounts, Desk } from "./desk.ts";
import type { CarrierFaults } from "./faults.ts";
import type { Outbox } from "./outbox-batches.ts";

const LIMITS = { windowSize: 500, responseTimeoutMs: 10_000, enquireLinkMs: 30_000 };
const CONNECTIONS_MAX = 200;
const BIND_TIMEOUT_MS = 10_000;

export interface CarrierOptions {
  host: string;
  /** 0 for any free port. */
  port: number;
  tls?: TlsOptions;
  systemId: string;
  password: string;
  log: Log;
  /** Where the texts go that were taken, in batches. */
  outbox?: Outbox;
  faults?: Partial<CarrierFaults>;
}

export interface Carrier {
  readonly port: number;
  /** Changes the named faults, and leaves the others as they are. */
  setFaults(faults: Partial<CarrierFaults>): void;
  counts(): CarrierCounts;
  /** Someone writes to a number of ours: resolves with whether it was taken, as soon as all its parts are acknowledged. */
  deliver(text: PhoneText): Promise<boolean>;
  stop(): Promise<void>;
}

/** Starts the carrier; rejects when the port is taken. */
export async function startCarrier(options: CarrierOptions): Promise<Carrier> {
  const desk = new Desk(options);
  const { host, port, systemId, tls } = options;
  const listening = await listen(
    { host, port, tls, systemId, limits: LIMITS, connectionsMax: CONNECTIONS_MAX, bindTimeoutMs: BIND_TIMEOUT_MS },
    desk,
  );
  return {
    port: listening.port,
    setFaults: (faults) => desk.setFaults(faults),
    counts: () => desk.counts(),
    deliver: (text) => desk.deliver(text),
    async stop() {
      desk.close();
      await listening.stop();
      await desk.flush();
    },
  };
}
