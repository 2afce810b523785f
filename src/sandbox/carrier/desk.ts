/** The carrier's desk: takes submits, gives them ids and fates, and sees to what comes back. */
import type { Log } from "../../platform/log.ts";
import { STATUS } from "../../platform/smpp/command-statuses.ts";
import type { Bound, ListenHandlers, MessageRequest } from "../../platform/smpp/listen.ts";
import { type BindRequest, NO_TLVS, responseTo, type ShortMessageRequest } from "../../platform/smpp/pdu.ts";
import { composeInbound, composeReceipt, type PhoneText } from "./compose-deliveries.ts";
import { Deliveries } from "./deliveries.ts";
import { type CarrierFaults, NO_FAULTS, Throttle } from "./faults.ts";
import { type MessageId, messageIds } from "./message-ids.ts";
import { type Outbox, OutboxBatches } from "./outbox-batches.ts";
import { Reassembly } from "./reassembly.ts";
import { ReceiptLine } from "./receipt-line.ts";

const REFERENCES = 256;
const DIGITS = /^\+?\d{3,20}$/;
/** The bits of registered_delivery that ask for a receipt (SMPP 3.4 §5.2.17). */
const RECEIPT_BITS = 0x03;

export interface DeskOptions {
  systemId: string;
  password: string;
  log: Log;
  outbox?: Outbox;
  faults?: Partial<CarrierFaults>;
}

export interface CarrierCounts {
  /** submit_sm taken. */
  submits: number;
  /** submit_sm refused as too many. */
  throttled: number;
  /** Whole texts, their parts joined. */
  texts: number;
  /** Receipts and inbound texts acknowledged by the customer. */
  acknowledged: number;
}

/** Where submits come in: guards the counts, the links and what is on its way. */
export class Desk implements ListenHandlers {
  readonly #options: DeskOptions;
  readonly #deliveries = new Deliveries();
  readonly #receipts = new ReceiptLine(this.#deliveries);
  readonly #reassembly = new Reassembly();
  readonly #outbox: OutboxBatches | undefined;
  readonly #throttle = new Throttle();
  readonly #nextId = messageIds(new Date());
  readonly #submitsByLink = new WeakMap<Bound, number>();
  #faults: CarrierFaults;
  #counts = { submits: 0, throttled: 0, texts: 0 };
  #reference = 0;

  constructor(options: DeskOptions) {
    this.#options = options;
    this.#faults = { ...NO_FAULTS, ...options.faults };
    if (options.outbox) this.#outbox = new OutboxBatches(options.outbox, options.log);
  }

  setFaults(faults: Partial<CarrierFaults>): void {
    this.#faults = { ...this.#faults, ...faults };
  }

  counts(): CarrierCounts {
    return { ...this.#counts, acknowledged: this.#deliveries.acknowledged };
  }

  async deliver(text: PhoneText): Promise<boolean> {
    this.#reference = (this.#reference + 1) % REFERENCES;
    const parts = composeInbound(text, this.#reference);
    const taken = await Promise.all(
      parts.map((pdu) => new Promise<boolean>((onDone) => this.#deliveries.bring({ pdu, onDone }))),
    );
    return taken.every(Boolean);
  }

  close(): void {
    this.#deliveries.stop();
  }

  async flush(): Promise<void> {
    await this.#outbox?.flush();
  }

  authenticate(request: BindRequest): number {
    if (this.#faults.refuseBinds) return STATUS.ESME_RBINDFAIL;
    if (request.systemId !== this.#options.systemId) return STATUS.ESME_RINVSYSID;
    return request.password === this.#options.password ? STATUS.ESME_ROK : STATUS.ESME_RINVPASWD;
  }

  onBound(link: Bound): void {
    this.#options.log.info("sandbox.carrier-bound", { bindsAs: link.role });
    this.#deliveries.addLink(link);
  }

  onClosed(link: Bound, reason: string): void {
    this.#options.log.info("sandbox.carrier-unbound", { bindsAs: link.role, reason });
    this.#deliveries.removeLink(link);
  }

  onFault(_remoteAddress: string, status: number): void {
    this.#options.log.warn("sandbox.carrier-malformed", { status });
  }

  onRequest(link: Bound, sequence: number, pdu: MessageRequest): void {
    switch (pdu.command) {
      case "submit_sm":
        this.#submit(link, sequence, pdu);
        break;
      case "query_sm":
        link.session.respond(sequence, responseTo(pdu, STATUS.ESME_RQUERYFAIL));
        break;
      case "cancel_sm":
        link.session.respond(sequence, responseTo(pdu, STATUS.ESME_RCANCELFAIL));
        break;
      case "replace_sm":
        link.session.respond(sequence, responseTo(pdu, STATUS.ESME_RREPLACEFAIL));
        break;
      case "data_sm":
        link.session.nack(sequence, STATUS.ESME_RINVCMDID);
        break;
    }
  }

  #submit(link: Bound, sequence: number, pdu: ShortMessageRequest): void {
    const status = this.#statusOf(pdu);
    if (status !== STATUS.ESME_ROK) {
      link.session.respond(sequence, responseTo(pdu, status));
      return;
    }
    const submittedAt = new Date();
    const id = this.#nextId(this.#faults.messageIds);
    this.#keep(pdu, submittedAt);
    if (this.#failsLink(link)) return;
    const wantsReceipt = (pdu.registeredDelivery & RECEIPT_BITS) !== 0 && !this.#faults.swallowReceipts;
    const report = () => {
      if (wantsReceipt) this.#receipts.report({ pdu: composeReceipt(pdu, id, submittedAt), link }, this.#faults);
    };
    if (this.#faults.receiptBeforeAnswer) report();
    after(this.#faults.answerDelayMs, () => answer(link, sequence, id));
    if (!this.#faults.receiptBeforeAnswer) {
      after(this.#faults.answerDelayMs + this.#faults.receiptDelayMs, report);
    }
  }

  #statusOf(pdu: ShortMessageRequest): number {
    const status = this.#throttle.statusOfNext(this.#faults, performance.now());
    if (status !== STATUS.ESME_ROK) {
      this.#counts.throttled++;
      return status;
    }
    return DIGITS.test(pdu.destination.address) ? STATUS.ESME_ROK : STATUS.ESME_RINVDSTADR;
  }

  #keep(pdu: ShortMessageRequest, at: Date): void {
    this.#counts.submits++;
    const text = this.#reassembly.add(pdu, at);
    if (!text) return;
    this.#counts.texts++;
    this.#outbox?.add(text);
  }

  /** Whether this submit is the one after which its link fails: it was taken, but nobody will hear so. */
  #failsLink(link: Bound): boolean {
    const submits = (this.#submitsByLink.get(link) ?? 0) + 1;
    this.#submitsByLink.set(link, submits);
    const { dropAfter, silentAfter } = this.#faults;
    const isDropped = dropAfter > 0 && submits >= dropAfter; // Told late, links that had more already are cut, too.
    if (isDropped) link.session.close("told to drop the link");
    if (submits === silentAfter) link.session.pause();
    return isDropped || submits === silentAfter;
  }
}

function answer(link: Bound, sequence: number, id: MessageId): void {
  link.session.respond(sequence, {
    command: "submit_sm_resp",
    status: STATUS.ESME_ROK,
    messageId: id.inAnswer,
    tlvs: NO_TLVS,
  });
}

function after(delayMs: number, act: () => void): void {
  if (delayMs === 0) act();
  else setTimeout(act, delayMs).unref();
}
