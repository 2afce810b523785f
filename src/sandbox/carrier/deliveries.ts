/**
 * What the carrier brings its customers: receipts and texts from phones, over any link that receives, again and again until they
 * are acknowledged, as a carrier does.
 */
import { STATUS } from "../../platform/smpp/command-statuses.ts";
import { Fifo } from "../../platform/smpp/fifo.ts";
import type { Bound } from "../../platform/smpp/listen.ts";
import type { ShortMessageRequest } from "../../platform/smpp/pdu.ts";
import type { Answer } from "../../platform/smpp/session.ts";

const RETRY_AFTER_MS = 200;
const ATTEMPTS_MAX = 50;
const WAITING_MAX = 200_000;

export interface Delivery {
  pdu: ShortMessageRequest;
  /** The link it would best go over: the one its message came in by. */
  link?: Bound | undefined;
  /** Called once it is acknowledged, or given up. */
  onDone?(isTaken: boolean): void;
}

interface Waiting extends Delivery {
  attempts: number;
}

export class Deliveries {
  readonly #links = new Set<Bound>();
  readonly #waiting = new Fifo<Waiting>();
  #isStopped = false;
  #acknowledged = 0;

  get acknowledged(): number {
    return this.#acknowledged;
  }

  addLink(link: Bound): void {
    if (link.role === "transmitter") return;
    this.#links.add(link);
    this.#bringWaiting();
  }

  removeLink(link: Bound): void {
    this.#links.delete(link);
  }

  /** Brings it now, or as soon as a link has room. */
  bring(delivery: Delivery): void {
    if (this.#isStopped || this.#waiting.length >= WAITING_MAX) delivery.onDone?.(false);
    else this.#waiting.push({ ...delivery, attempts: 0 });
    this.#bringWaiting();
  }

  /** Brings nothing more. */
  stop(): void {
    this.#isStopped = true;
    for (const waiting of this.#waiting.takeAll()) waiting.onDone?.(false);
  }

  #bringWaiting(): void {
    while (this.#waiting.length > 0 && this.#hasRoom()) {
      const next = this.#waiting.shift();
      const link = this.#linkFor(next?.link);
      if (next && link) void link.session.request(next.pdu).then((answer) => this.#settle(next, answer));
    }
  }

  #hasRoom(): boolean {
    for (const link of this.#links) if (link.session.free > 0) return true;
    return false;
  }

  #linkFor(preferred: Bound | undefined): Bound | undefined {
    if (preferred && this.#links.has(preferred) && preferred.session.free > 0) return preferred;
    for (const link of this.#links) if (link.session.free > 0) return link;
    return undefined;
  }

  #settle(delivery: Waiting, answer: Answer): void {
    if (answer.kind === "answered" && answer.response.status === STATUS.ESME_ROK) {
      this.#acknowledged++;
      delivery.onDone?.(true);
    } else if (delivery.attempts + 1 >= ATTEMPTS_MAX || this.#isStopped) {
      delivery.onDone?.(false);
    } else {
      const again = { ...delivery, attempts: delivery.attempts + 1 };
      setTimeout(() => this.#bringAgain(again), RETRY_AFTER_MS);
    }
    this.#bringWaiting();
  }

  #bringAgain(delivery: Waiting): void {
    if (this.#isStopped) delivery.onDone?.(false);
    else this.#waiting.push(delivery);
    this.#bringWaiting();
  }
}
