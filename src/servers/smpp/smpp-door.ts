/**
 * The door for customers' systems: an SMPP 3.4 server. A service's account lets a system bind; what it submits is accepted as a request
 * to the API is, and it is brought receipts and texts from the public. Decision 42 says what of the standard is there.
 *
 *     const door = await startSmppDoor({ intake, host: "127.0.0.1", port: 2775, tls: undefined });
 */
import type { TlsOptions } from "node:tls";
import { receiptError } from "../../core/delivery/smpp-states.ts";
import { Refusal } from "../../core/refusal.ts";
import type { Intake } from "../../flow/intake/accept.ts";
import { findCustomer } from "../../flow/smpp/customer.ts";
import { cancelSubmit, findSubmitState } from "../../flow/smpp/find-message.ts";
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
import {
  type BindRequest,
  type CancelRequest,
  type QueryRequest,
  type ReplaceRequest,
  type ResponsePdu,
  responseTo,
} from "../../platform/smpp/pdu.ts";
import { formatMoment } from "../../platform/smpp/smpp-time.ts";
import { MESSAGE_STATES } from "../../platform/smpp/tlvs.ts";
import { Customers, type Link } from "./customers.ts";
import { Deliveries } from "./deliveries.ts";
import { Submits } from "./submits.ts";

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
  return { port: listening.port, stop: () => door.close(listening) };
}

class Door implements ListenHandlers {
  readonly #intake: Intake;
  readonly #customers = new Customers();
  readonly #submits: Submits;
  readonly #deliveries: Deliveries;
  #checkTimer: NodeJS.Timeout | undefined;
  #isClosing = false;

  constructor(intake: Intake) {
    this.#intake = intake;
    this.#submits = new Submits({ intake, customers: this.#customers });
    this.#deliveries = new Deliveries(intake, this.#customers);
  }

  async open(): Promise<void> {
    await this.#deliveries.start();
    this.#checkTimer = setInterval(() => void this.#unbindUnwelcome(), CHECK_EVERY_MS);
  }

  async close(listening: Listening): Promise<void> {
    this.#isClosing = true;
    clearInterval(this.#checkTimer);
    this.#deliveries.pause();
    await this.#submits.idle();
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
    else if (pdu.command === "submit_sm" || pdu.command === "data_sm") this.#submits.take(link, sequence, pdu);
    else void this.#answer(link, pdu).then((response) => bound.session.respond(sequence, response));
  }

  async #answer(link: Link, pdu: QueryRequest | CancelRequest | ReplaceRequest): Promise<ResponsePdu> {
    try {
      switch (pdu.command) {
        case "query_sm":
          return await this.#query(link, pdu);
        case "cancel_sm":
          return await this.#cancel(link, pdu);
        case "replace_sm":
          return responseTo(pdu, STATUS.ESME_RREPLACEFAIL);
      }
    } catch (error) {
      this.#intake.log.error("smpp.request-failed", errorFields(error));
      return responseTo(pdu, STATUS.ESME_RSYSERR);
    }
  }

  async #query(link: Link, pdu: QueryRequest): Promise<ResponsePdu> {
    const customer = await findCustomer(this.#intake, link);
    const state = customer && (await findSubmitState(this.#intake, customer, pdu.messageId));
    if (!state) return responseTo(pdu, STATUS.ESME_RQUERYFAIL);
    return {
      command: "query_sm_resp",
      status: STATUS.ESME_ROK,
      messageId: pdu.messageId,
      finalDate: state.endedAt ? formatMoment(state.endedAt) : "",
      messageState: MESSAGE_STATES[state.stat],
      errorCode: Math.min(Number(receiptError(state.code)), 0xff),
    };
  }

  async #cancel(link: Link, pdu: CancelRequest): Promise<ResponsePdu> {
    const customer = await findCustomer(this.#intake, link);
    if (!customer) return responseTo(pdu, STATUS.ESME_RCANCELFAIL);
    try {
      await cancelSubmit(this.#intake, customer, pdu.messageId);
      return responseTo(pdu);
    } catch (error) {
      if (error instanceof Refusal) return responseTo(pdu, STATUS.ESME_RCANCELFAIL);
      throw error;
    }
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
