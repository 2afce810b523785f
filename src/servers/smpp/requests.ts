/**
 * What bound systems ask: texts to send, read, passed to the flow and answered once they are durable; and what became of one, or that
 * it be cancelled. All of it costs the database, so all of it counts towards the account's window and its pace.
 */

import type { Intake } from "../../flow/intake/accept.ts";
import { type Customer, findCustomer } from "../../flow/smpp/customer.ts";
import { takePart } from "../../flow/smpp/take-part.ts";
import { takeText } from "../../flow/smpp/take-text.ts";
import { errorFields } from "../../platform/log.ts";
import { STATUS, statusName } from "../../platform/smpp/command-statuses.ts";
import type { MessageRequest } from "../../platform/smpp/listen.ts";
import { NO_TLVS, type ResponsePdu, responseTo } from "../../platform/smpp/pdu.ts";
import type { SmppAccount } from "../../records/smpp-accounts/smpp-account.ts";
import { CommandRefusal, commandStatusOf } from "./command-refusal.ts";
import type { Customers, Link } from "./customers.ts";
import { cancel, tellState } from "./message-state.ts";
import { readSubmit, type SubmitRequest } from "./read-submit.ts";

/** Requests of all systems that are on their way to the database; beyond this a system is asked to slow down. */
const UNDER_WAY_MAX = 10_000;

interface Asked {
  sequence: number;
  pdu: MessageRequest;
  /** Requests that were unanswered on its bind when it came, itself included. */
  unanswered: number;
}

export interface RequestDesk {
  intake: Intake;
  customers: Customers;
}

export class Requests {
  readonly #desk: RequestDesk;
  readonly #underWay = new Set<Promise<void>>();

  constructor(desk: RequestDesk) {
    this.#desk = desk;
  }

  take(link: Link, sequence: number, pdu: MessageRequest): void {
    link.requests += 1;
    const asked = { sequence, pdu, unanswered: link.requests };
    const answering = this.#answer(link, asked).finally(() => {
      link.requests -= 1;
      this.#underWay.delete(answering);
    });
    this.#underWay.add(answering);
  }

  /** Resolves when what has been taken so far is answered. */
  async idle(): Promise<void> {
    await Promise.all(this.#underWay);
  }

  async #answer(link: Link, asked: Asked): Promise<void> {
    const { sequence, pdu } = asked;
    const { session } = link.bound;
    try {
      session.respond(sequence, await this.#carryOut(link, asked));
    } catch (error) {
      const status = commandStatusOf(error);
      this.#note(link, status, error);
      session.respond(sequence, responseTo(pdu, status));
    }
  }

  async #carryOut(link: Link, { pdu, unanswered }: Asked): Promise<ResponsePdu> {
    const { intake } = this.#desk;
    const customer = await findCustomer(intake, link);
    if (!customer) throw new CommandRefusal(STATUS.ESME_RINVBNDSTS, "the account is no longer in use");
    this.#refuseIfTooMuch(link, unanswered, customer.account);
    switch (pdu.command) {
      case "submit_sm":
      case "data_sm":
        return this.#accept(customer, pdu);
      case "query_sm":
        return tellState(intake, customer, pdu);
      case "cancel_sm":
        return cancel(intake, customer, pdu);
      case "replace_sm":
        return responseTo(pdu, STATUS.ESME_RREPLACEFAIL);
    }
  }

  async #accept(customer: Customer, pdu: SubmitRequest): Promise<ResponsePdu> {
    const { intake } = this.#desk;
    const submit = readSubmit(pdu, { ...customer, now: intake.clock.now() });
    const messageId =
      submit.kind === "part"
        ? await takePart(intake, customer, submit.part)
        : await takeText(intake, customer, { text: submit.text });
    return { command: `${pdu.command}_resp`, status: STATUS.ESME_ROK, messageId, tlvs: NO_TLVS };
  }

  #refuseIfTooMuch(link: Link, unanswered: number, { windowMax, ratePerSecond }: SmppAccount): void {
    const isTooMany = unanswered > windowMax || this.#underWay.size > UNDER_WAY_MAX;
    const pace = this.#desk.customers.paceOf(link.accountId);
    if (isTooMany || pace?.take(ratePerSecond, performance.now()) === false)
      throw new CommandRefusal(STATUS.ESME_RTHROTTLED, "more than the account may ask");
  }

  /** Who asks too fast is told so as often as it happens; the log need not be. */
  #note({ accountId, serviceId }: Link, status: number, error: unknown): void {
    const { log } = this.#desk.intake;
    if (status === STATUS.ESME_RTHROTTLED) return;
    const fields = { accountId, serviceId, status: statusName(status), ...errorFields(error) };
    if (status === STATUS.ESME_RSYSERR) log.error("smpp.request-failed", fields);
    else log.info("smpp.request-refused", fields);
  }
}
