/**
 * The door for customers' systems: an SMPP 3.4 server. A service's account lets a system bind; what it submits is accepted as a request
 * to the API is, and it is brought receipts and texts from the public. Decision 42 says what of the standard is there.
 *
 *     const door = await startSmppDoor({ intake, host: "127.0.0.1", port: 2775, tls: undefined });
 */
import type { TlsOptions } from "node:tls";
import type { Intake } from "../../flow/intake/accept.ts";
import { findCustomer } from "../../flow/smpp/customer.ts";
import { isAllowedFrom, logIn } from "../../flow/smpp/log-in.ts";
import { errorFields } from "../../platform/log.ts";
import { STATUS } from "../../platform/smpp/command-statuses.ts";
import {
  type Bound,
  type ListenHandlers,
  type Listening,
  listen,
  type MessageRequest,
} from "../../platform/smpp/listen.ts";
import { type BindRequest, responseTo } from "../../platform/smpp/pdu.ts";
import { Customers } from "./customers.ts";
import { Deliveries } from "./deliveries.ts";
import { Requests } from "./requests.ts";

const LIMITS = { windowSize: 1_000, responseTimeoutMs: 10_000, enquireLinkMs: 30_000 };
const CONNECTIONS_MAX = 1_000;
const BIND_TIMEOUT_MS = 10_000;
const SYSTEM_ID = "pennypost";
/** An account that is revoked, or may no longer be used from where it is, is unbound within so long. */
const CHECK_EVERY_MS = 1_000;

export interface SmppDoorOptions {
  intake: Intake;
  host: string;
  /** 0 for any free port. */
  port: number;
  tls: TlsOptions | undefined;
}

export interface SmppDoor {
  readonly port: number;
  /** Systems that are bound. */
  binds(): number;
  /** Another certificate for the connections that come after. */
  renew(pem: { cert: string; key: string }): void;
  /** Answers what is under way, unbinds everybody, and puts back what was not acknowledged. */
  stop(): Promise<void>;
}

/** Rejects when the port is taken. */
export async function startSmppDoor({ intake, host, port, tls }: SmppDoorOptions): Promise<SmppDoor> {
  const door = new Door(intake);
  const listening = await listen(
    {
      host,
      port,
      tls,
      systemId: SYSTEM_ID,
      limits: LIMITS,
      connectionsMax: CONNECTIONS_MAX,
      bindTimeoutMs: BIND_TIMEOUT_MS,
    },
    door,
  );
  await door.open();
  return {
    port: listening.port,
    binds: () => door.binds(),
    renew: (pem) => listening.renew(pem),
    stop: () => door.close(listening),
  };
}

class Door implements ListenHandlers {
  readonly #intake: Intake;
  readonly #customers = new Customers();
  readonly #requests: Requests;
  readonly #deliveries: Deliveries;
  #checkTimer: NodeJS.Timeout | undefined;
  #isClosing = false;

  constructor(intake: Intake) {
    this.#intake = intake;
    this.#requests = new Requests({ intake, customers: this.#customers });
    this.#deliveries = new Deliveries(intake, this.#customers);
  }

  binds(): number {
    return this.#customers.links().length;
  }

  async open(): Promise<void> {
    await this.#deliveries.start();
    this.#checkTimer = setInterval(() => void this.#unbindUnwelcome(), CHECK_EVERY_MS);
  }

  async close(listening: Listening): Promise<void> {
    this.#isClosing = true;
    clearInterval(this.#checkTimer);
    this.#deliveries.pause();
    await this.#requests.idle();
    await listening.stop();
    await this.#deliveries.stop();
  }

  /** Every refusal has the same words, so that nobody learns which part was wrong. */
  async authenticate({ systemId, password }: BindRequest, address: string): Promise<number> {
    if (this.#isClosing) return STATUS.ESME_RSYSERR;
    const customer = await logIn(this.#intake, { systemId, password, address });
    if (!customer) {
      this.#intake.log.warn("smpp.bind-refused", {});
      return STATUS.ESME_RBINDFAIL;
    }
    this.#customers.letIn(customer);
    return STATUS.ESME_ROK;
  }

  admit({ systemId }: BindRequest): number {
    return this.#customers.hasRoom(systemId) ? STATUS.ESME_ROK : STATUS.ESME_RALYBND;
  }

  onBound(bound: Bound): void {
    const link = this.#customers.add(bound);
    if (!link) return;
    this.#intake.log.info("smpp.bound", { accountId: link.accountId, serviceId: link.serviceId, bindsAs: bound.role });
    this.#deliveries.look();
  }

  onClosed(bound: Bound, reason: string): void {
    const accountId = this.#customers.linkOf(bound)?.accountId;
    this.#customers.remove(bound);
    this.#intake.log.info("smpp.unbound", { accountId, bindsAs: bound.role, reason });
  }

  onFault(_remoteAddress: string, status: number): void {
    this.#intake.log.info("smpp.malformed", { status });
  }

  onRequest(bound: Bound, sequence: number, pdu: MessageRequest): void {
    const link = this.#customers.linkOf(bound);
    if (!link || this.#isClosing) bound.session.respond(sequence, responseTo(pdu, STATUS.ESME_RSYSERR));
    else this.#requests.take(link, sequence, pdu);
  }

  async #unbindUnwelcome(): Promise<void> {
    for (const link of this.#customers.links()) {
      try {
        const customer = await findCustomer(this.#intake, link);
        if (!customer || !isAllowedFrom(customer, link.bound.remoteAddress)) void link.bound.session.unbind();
      } catch (error) {
        this.#intake.log.warn("smpp.account-not-read", errorFields(error));
      }
    }
  }
}
