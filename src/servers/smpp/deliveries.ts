/**
 * Brings bound systems what waits for them: receipts, and texts from the public. The rows are the truth: they stay until a system has
 * acknowledged them, and go back when its bind ends. Oldest first, as many at once as the account's window allows.
 */

import type { App } from "../../flow/app.ts";
import { findCustomer } from "../../flow/smpp/customer.ts";
import { SMPP_DELIVERIES } from "../../flow/smpp/plan-deliveries.ts";
import { type Batcher, createBatcher } from "../../platform/batcher.ts";
import type { Subscription } from "../../platform/db.ts";
import { errorFields } from "../../platform/log.ts";
import { listenForSignal } from "../../platform/queue.ts";
import { STATUS } from "../../platform/smpp/command-statuses.ts";
import type { ShortMessageRequest } from "../../platform/smpp/pdu.ts";
import type { Answer } from "../../platform/smpp/session.ts";
import { getInboundMessages, openInboundMessage } from "../../records/inbound-messages/inbound-message-store.ts";
import {
  type DeliveryRoom,
  deleteSmppDeliveries,
  leaseSmppDeliveries,
  putOffSmppDeliveries,
  type SmppDelivery,
} from "../../records/smpp-accounts/smpp-delivery-store.ts";
import { openSubmitted } from "../../records/smpp-accounts/submitted.ts";
import { composeReceipt, composeReply } from "./compose-delivery.ts";
import type { Customers, Link } from "./customers.ts";
import { retryAfterMs } from "./rest.ts";

/** How long nobody looks, should a signal be lost. */
const POLL_MS = 1_000;
/** Longer than a system may take to acknowledge. */
const LEASE_MS = 30_000;
const AT_ONCE_MAX = 500;
const SETTLED_MAX = 500;
/** A system that says so does not want it, now or later (SMPP 3.4 §5.1.3). */
const NEVER: ReadonlySet<number> = new Set([STATUS.ESME_RX_P_APPN, STATUS.ESME_RX_R_APPN]);

type Settled = { id: string; kind: "done" } | { id: string; kind: "later"; waitMs: number };

export class Deliveries {
  readonly #app: App;
  readonly #customers: Customers;
  readonly #settled: Batcher<Settled>;
  readonly #underWay = new Set<Promise<void>>();
  #subscription: Subscription | undefined;
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> | undefined;
  #isWanted = false;
  #isStopped = false;

  constructor(app: App, customers: Customers) {
    this.#app = app;
    this.#customers = customers;
    this.#settled = createBatcher<Settled>({
      writesAtOnceMax: 2,
      itemsMax: SETTLED_MAX,
      write: (settled) => writeSettled(app, settled),
    });
  }

  async start(): Promise<void> {
    this.#subscription = await listenForSignal(this.#app.db, SMPP_DELIVERIES, () => this.look());
    this.#timer = setInterval(() => this.look(), POLL_MS);
  }

  /** Somebody has bound, or there is something to bring. */
  look(): void {
    this.#isWanted = true;
    if (this.#isStopped) return;
    this.#looking ??= this.#lookWhileWanted().finally(() => {
      this.#looking = undefined;
    });
  }

  /** Takes nothing more from the database. */
  pause(): void {
    this.#isStopped = true;
    clearInterval(this.#timer);
  }

  /** Once the sessions have ended: resolves when it is written down what became of everything. */
  async stop(): Promise<void> {
    this.pause();
    await this.#looking;
    await Promise.all(this.#underWay);
    await this.#settled.idle();
    await this.#subscription?.close();
  }

  async #lookWhileWanted(): Promise<void> {
    while (this.#isWanted && !this.#isStopped) {
      this.#isWanted = false;
      try {
        if (await this.#bringSome()) this.#isWanted = true;
      } catch (error) {
        this.#app.log.warn("smpp.deliveries-not-read", errorFields(error));
      }
    }
  }

  /** Whether there may be more, with room for it. */
  async #bringSome(): Promise<boolean> {
    const rooms = await this.#rooms();
    if (rooms.length === 0) return false;
    const leased = await leaseSmppDeliveries(this.#app.db, { rooms, leaseMs: LEASE_MS });
    const texts = await this.#readTexts(leased);
    for (const delivery of leased) this.#begin(delivery, texts);
    return rooms.some(({ accountId, room }) => countOf(leased, accountId) === room) && (await this.#rooms()).length > 0;
  }

  async #rooms(): Promise<DeliveryRoom[]> {
    const rooms = new Map<string, number>();
    for (const link of this.#customers.links()) {
      const room = await this.#roomOn(link);
      if (room > 0) rooms.set(link.accountId, Math.min(AT_ONCE_MAX, (rooms.get(link.accountId) ?? 0) + room));
    }
    return [...rooms].map(([accountId, room]) => ({ accountId, room }));
  }

  async #roomOn(link: Link): Promise<number> {
    if (link.bound.role === "transmitter") return 0;
    if (this.#customers.restOf(link.accountId)?.isOn(performance.now())) return 0;
    const customer = await findCustomer(this.#app, link);
    return customer ? Math.min(link.bound.session.free, customer.account.windowMax - link.deliveries) : 0;
  }

  #readTexts(leased: readonly SmppDelivery[]) {
    const ids = leased.filter(({ kind }) => kind === "text").map(({ subjectId }) => subjectId);
    return ids.length > 0 ? getInboundMessages(this.#app.db, ids) : [];
  }

  #begin(delivery: SmppDelivery, texts: Awaited<ReturnType<typeof getInboundMessages>>): void {
    const link = this.#freestLink(delivery.accountId);
    if (link) link.deliveries += 1;
    const bringing = this.#bring(delivery, { link, texts })
      .catch((error) => this.#app.log.error("smpp.delivery-failed", errorFields(error)))
      .finally(() => {
        if (link) link.deliveries -= 1;
        this.#underWay.delete(bringing);
      });
    this.#underWay.add(bringing);
  }

  #freestLink(accountId: string): Link | undefined {
    const links = this.#customers
      .links()
      .filter((link) => link.accountId === accountId && link.bound.role !== "transmitter");
    return links.toSorted((one, other) => one.deliveries - other.deliveries)[0];
  }

  async #bring(
    delivery: SmppDelivery,
    { link, texts }: { link: Link | undefined; texts: Awaited<ReturnType<typeof getInboundMessages>> },
  ): Promise<void> {
    if (!link) return this.#settled.add({ id: delivery.id, kind: "later", waitMs: 0 });
    const pdu = await this.#compose(delivery, { link, texts });
    if (!pdu) return this.#settled.add({ id: delivery.id, kind: "done" });
    const answer = await link.bound.session.request(pdu);
    const settled = settle(delivery, answer);
    this.#noteAnswer(link, { settled, answer });
    await this.#settled.add(settled);
    this.look();
  }

  #noteAnswer({ accountId }: Link, { settled, answer }: { settled: Settled; answer: Answer }): void {
    const rest = this.#customers.restOf(accountId);
    if (settled.kind === "done") rest?.shorten();
    else if (settled.waitMs > 0) rest?.begin(performance.now());
    if (settled.kind === "later" && answer.kind === "answered")
      this.#app.log.info("smpp.delivery-refused", { accountId, status: answer.response.status });
  }

  /** Undefined when there is nothing to bring any more: a text past its retention, an account that is no longer in use. */
  async #compose(
    { kind, subjectId, report, sealedSubmit }: SmppDelivery,
    { link, texts }: { link: Link; texts: Awaited<ReturnType<typeof getInboundMessages>> },
  ): Promise<ShortMessageRequest | undefined> {
    const customer = await findCustomer(this.#app, link);
    if (!customer) return undefined;
    const { service, account } = customer;
    if (kind === "receipt") {
      if (!report || !sealedSubmit) return undefined;
      return composeReceipt({
        messageId: subjectId,
        report,
        submitted: openSubmitted(service, subjectId, sealedSubmit),
      });
    }
    const text = texts.find(({ id }) => id === subjectId);
    return text && composeReply(openInboundMessage(service, text), account.defaultAlphabet);
  }
}

function countOf(leased: readonly SmppDelivery[], accountId: string): number {
  return leased.filter((delivery) => delivery.accountId === accountId).length;
}

/** What was not acknowledged is brought again: at once when the bind has ended, else after a while. */
function settle({ id, tries }: SmppDelivery, answer: Answer): Settled {
  switch (answer.kind) {
    case "answered": {
      const { status } = answer.response;
      if (status === STATUS.ESME_ROK || NEVER.has(status)) return { id, kind: "done" };
      return { id, kind: "later", waitMs: retryAfterMs(tries) };
    }
    case "unsayable":
      return { id, kind: "done" };
    case "timed-out":
      return { id, kind: "later", waitMs: retryAfterMs(tries) };
    case "lost":
    case "not-sent":
      return { id, kind: "later", waitMs: 0 };
  }
}

async function writeSettled({ db }: Pick<App, "db">, settled: readonly Settled[]): Promise<void> {
  const done = settled.filter(({ kind }) => kind === "done").map(({ id }) => id);
  const later = settled.flatMap((one) => (one.kind === "later" ? [{ id: one.id, waitMs: one.waitMs }] : []));
  await Promise.all([deleteSmppDeliveries(db, done), putOffSmppDeliveries(db, later)]);
}
