/** Submits of bound systems: read, passed to the flow, and answered once they are durable. */

import type { Intake } from "../../flow/intake/accept.ts";
import { findCustomer } from "../../flow/smpp/customer.ts";
import { takePart } from "../../flow/smpp/take-part.ts";
import { takeText } from "../../flow/smpp/take-text.ts";
import { errorFields } from "../../platform/log.ts";
import { STATUS, statusName } from "../../platform/smpp/command-statuses.ts";
import { NO_TLVS, responseTo } from "../../platform/smpp/pdu.ts";
import type { SmppAccount } from "../../records/smpp-accounts/smpp-account.ts";
import { CommandRefusal, commandStatusOf } from "./command-refusal.ts";
import type { Customers, Link } from "./customers.ts";
import { readSubmit, type SubmitRequest } from "./read-submit.ts";

/** Submits of all systems that are on their way to the database; beyond this a system is asked to slow down. */
const UNDER_WAY_MAX = 10_000;

interface Asked {
  sequence: number;
  pdu: SubmitRequest;
  /** Submits that were unanswered on its bind when it came, itself included. */
  unanswered: number;
}

export interface SubmitDesk {
  intake: Intake;
  customers: Customers;
}

export class Submits {
  readonly #desk: SubmitDesk;
  readonly #underWay = new Set<Promise<void>>();

  constructor(desk: SubmitDesk) {
    this.#desk = desk;
  }

  take(link: Link, sequence: number, pdu: SubmitRequest): void {
    link.submits += 1;
    const asked = { sequence, pdu, unanswered: link.submits };
    const answering = this.#answer(link, asked).finally(() => {
      link.submits -= 1;
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
      const messageId = await this.#accept(link, asked);
      session.respond(sequence, { command: `${pdu.command}_resp`, status: STATUS.ESME_ROK, messageId, tlvs: NO_TLVS });
    } catch (error) {
      const status = commandStatusOf(error);
      this.#note(link, status, error);
      session.respond(sequence, responseTo(pdu, status));
    }
  }

  async #accept(link: Link, { pdu, unanswered }: Asked): Promise<string> {
    const { intake } = this.#desk;
    const customer = await findCustomer(intake, link);
    if (!customer) throw new CommandRefusal(STATUS.ESME_RINVBNDSTS, "the account is no longer in use");
    this.#refuseIfTooMuch(link, unanswered, customer.account);
    const submit = readSubmit(pdu, { ...customer, now: intake.clock.now() });
    if (submit.kind === "part") return takePart(intake, customer, submit.part);
    return takeText(intake, customer, { text: submit.text });
  }

  #refuseIfTooMuch(link: Link, unanswered: number, { windowMax, ratePerSecond }: SmppAccount): void {
    const isTooMany = unanswered > windowMax || this.#underWay.size > UNDER_WAY_MAX;
    const pace = this.#desk.customers.paceOf(link.accountId);
    if (isTooMany || pace?.take(ratePerSecond, performance.now()) === false)
      throw new CommandRefusal(STATUS.ESME_RTHROTTLED, "more than the account may submit");
  }

  /** Who submits too fast is told so as often as it happens; the log need not be. */
  #note({ accountId, serviceId }: Link, status: number, error: unknown): void {
    const { log } = this.#desk.intake;
    if (status === STATUS.ESME_RTHROTTLED) return;
    const fields = { accountId, serviceId, status: statusName(status), ...errorFields(error) };
    if (status === STATUS.ESME_RSYSERR) log.error("smpp.submit-failed", fields);
    else log.info("smpp.submit-refused", fields);
  }
}
