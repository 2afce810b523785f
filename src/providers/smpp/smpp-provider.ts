/**
 * A carrier that speaks SMPP 3.4: keeps its binds up, hands texts over part by part within the window and the pace, and brings
 * receipts and inbound texts, each acknowledged to the carrier only once it is durable here.
 *
 *     const acme = smppProvider({ name: "acme", host: "smpp.acme.example", port: 2775, systemId, password, log });
 */
import { setTimeout as sleep } from "node:timers/promises";
import type { Outcome, ProviderEvents, SmsProvider, TextMessage } from "../provider.ts";
import { Bind, type Role } from "./bind.ts";
import { composeSubmits } from "./compose-submits.ts";
import { type Settings, type SmppOptions, withDefaults } from "./options.ts";
import { isThrottled, outcomeOf } from "./outcome.ts";
import { Pace, WAIT_MAX_MS } from "./pace.ts";
import { takeNews } from "./take-news.ts";

const REFERENCES = 256;
/** Parts that may wait for room in a window, in windows. */
const WAITING_MAX_WINDOWS = 2;

export function smppProvider(options: SmppOptions): SmsProvider {
  return new SmppProvider(withDefaults(options));
}

class SmppProvider implements SmsProvider {
  readonly name: string;
  readonly #settings: Settings;
  readonly #pace: Pace;
  readonly #binds: Bind[];
  /** Sends and news that are under way, for a stop that loses neither. */
  readonly #underWay = new Set<Promise<unknown>>();
  #events: ProviderEvents | undefined;
  #isAvailable = false;
  #isStopping = false;
  #reference = Math.floor(Math.random() * REFERENCES);

  constructor(settings: Settings) {
    this.name = settings.name;
    this.#settings = settings;
    this.#pace = new Pace(settings.maxPerSecond);
    const roles: Role[] = settings.bindAs === "transceiver" ? ["transceiver"] : ["transmitter", "receiver"];
    this.#binds = Array.from({ length: settings.binds }, () => roles)
      .flat()
      .map((role) => this.#makeBind(role));
  }

  async start(events: ProviderEvents): Promise<void> {
    this.#events = events;
    for (const bind of this.#binds) bind.start();
  }

  async stop(): Promise<void> {
    this.#isStopping = true;
    const bounded = sleep(this.#settings.requestTimeoutMs, undefined, { ref: false });
    await Promise.race([Promise.allSettled(this.#underWay), bounded]);
    await Promise.all(this.#binds.map((bind) => bind.stop()));
  }

  capacity(): number {
    if (this.#isStopping) return 0;
    const free = this.#binds.reduce((sum, bind) => sum + bind.free, 0);
    return Math.min(free, this.#pace.capacity(performance.now()));
  }

  send(message: TextMessage): Promise<Outcome> {
    return this.#follow(this.#send(message));
  }

  async #send(message: TextMessage): Promise<Outcome> {
    const settings = this.#settings;
    const composed = composeSubmits(message, { settings, reference: this.#nextReference(), now: new Date() });
    if (composed.kind === "refused") return { ...composed, dueTo: "us" };
    const { submits } = composed;
    if (!this.#leastBusy()) return this.#noRoom();
    const waitMs = this.#pace.book(submits.length, performance.now());
    if (waitMs === undefined)
      return { kind: "unavailable", reason: "the pace allows no more", retryAfterMs: WAIT_MAX_MS, dueTo: "us" };
    if (waitMs > 0) await sleep(waitMs);
    const bind = this.#leastBusy();
    if (!bind) return this.#noRoom();
    const answers = await Promise.all(submits.map((submit) => bind.request(submit)));
    const outcome = outcomeOf(answers, settings.messageIdFormat);
    return this.#keepPace(outcome, { throttled: answers.some(isThrottled), parts: answers.length });
  }

  #noRoom(): Outcome {
    const reason = this.#isAvailable ? "no room in any window" : "not connected";
    return { kind: "unavailable", reason, dueTo: "us" };
  }

  /** The parts of one text go over one bind, so that they keep their order. */
  #leastBusy(): Bind | undefined {
    if (this.#isStopping) return undefined;
    const waitingMax = this.#settings.windowSize * WAITING_MAX_WINDOWS;
    let best: Bind | undefined;
    for (const bind of this.#binds) {
      const hasRoom = bind.takesMessages && bind.pending < waitingMax;
      if (hasRoom && (!best || bind.pending < best.pending)) best = bind;
    }
    return best;
  }

  #keepPace(outcome: Outcome, answers: { throttled: boolean; parts: number }): Outcome {
    const now = performance.now();
    if (!answers.throttled) {
      if (outcome.kind === "accepted") for (let part = 0; part < answers.parts; part++) this.#pace.taken(now);
      return outcome;
    }
    const retryAfterMs = Math.ceil(this.#pace.slowDown(now));
    return outcome.kind === "unavailable" ? { ...outcome, retryAfterMs } : outcome;
  }

  #nextReference(): number {
    this.#reference = (this.#reference + 1) % REFERENCES;
    return this.#reference;
  }

  #makeBind(role: Role): Bind {
    return new Bind(role, this.#settings, {
      onBound: () => this.#tellAvailability("bound"),
      onUnbound: (reason) => this.#tellAvailability(reason),
      onRequest: (session, sequence, pdu) => {
        const taker = { events: this.#events, settings: this.#settings };
        void this.#follow(takeNews({ session, sequence, pdu }, taker));
      },
    });
  }

  #tellAvailability(reason: string): void {
    const isAvailable = this.#binds.some((bind) => bind.takesMessages);
    if (isAvailable === this.#isAvailable) return;
    this.#isAvailable = isAvailable;
    this.#events?.availability(isAvailable, reason);
  }

  async #follow<T>(work: Promise<T>): Promise<T> {
    this.#underWay.add(work);
    try {
      return await work;
    } finally {
      this.#underWay.delete(work);
    }
  }
}
