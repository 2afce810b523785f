/**
 * Takes notifications from the queue and hands them to providers: leases a batch, makes each into its message, chooses a route, and
 * sends it as soon as the provider's window has room. What became of each is recorded for many at once.
 */

import type { DispatchedChannel } from "../../core/channels/channels.ts";
import { chooseRoute, type RouteChoice } from "../../core/delivery/choose-route.ts";
import { errorFields } from "../../platform/log.ts";
import { type Consumer, consume, type Job } from "../../platform/queue.ts";
import type { Outcome } from "../../providers/provider.ts";
import { listDocumentKeys } from "../../records/documents/document-store.ts";
import { createEmailBrands, type EmailBrands } from "../../records/email-brands/email-brand-cache.ts";
import type { EmailBrand } from "../../records/email-brands/email-brand-store.ts";
import type { OutgoingNotification, PersonalContent } from "../../records/notifications/notification.ts";
import { getOutgoing } from "../../records/notifications/notification-store.ts";
import type { RouteRecord } from "../../records/providers/provider-store.ts";
import type { App } from "../app.ts";
import { DISPATCH_QUEUES } from "../jobs.ts";
import { openContent, remainsOf } from "../personal-content.ts";
import type { AnyProvider, Fleet } from "./fleet.ts";
import { emailMessage, type Sendable, textMessage } from "./messages.ts";
import type { Handled, Recorder } from "./recorder.ts";

const BATCH_MAX = 200;
/** Messages made ready while windows are full, so that a window never waits for the database. */
const READY_MAX = 200;
/** Longer than a message waits for room, is answered and recorded. */
const LEASE_MS = 30_000;
const WAIT_FOR_ROOM_MAX_MS = 5_000;
const PUT_BACK_MS = 1_000;
/** A message nothing is set up for is looked at again when somebody may have set it up. */
const NO_ROUTE_PUT_BACK_MS = 60_000;
const ROOM_CHECK_MS = 100;

export interface Dispatcher {
  /** A provider has room, or something was enqueued in this process. */
  wake(): void;
  stop(): Promise<void>;
}

export interface DispatchOptions {
  app: App;
  fleet: Fleet;
  recorder: Recorder;
  channel: DispatchedChannel;
}

/** A message that waits for room with its provider. */
interface Ready extends Sendable {
  isRepeated: boolean;
  provider: string;
  waitsSinceMs: number;
}

/** What a job is about, as the database has it. */
interface Fetched {
  notification: OutgoingNotification | undefined;
  documentKeys: ReadonlyMap<string, Buffer>;
}

/** What a provider said, and what it was given. */
interface HandedOver {
  outcome: Outcome;
  content: PersonalContent | undefined;
}

const NO_KEYS = Promise.resolve(new Map<string, Buffer>());

export async function startDispatch(options: DispatchOptions): Promise<Dispatcher> {
  const line = new Line(options);
  const consumer = await consume(options.app.db, {
    queue: DISPATCH_QUEUES[options.channel],
    batch: BATCH_MAX,
    leaseMs: LEASE_MS,
    room: () => line.room(),
    handle: (jobs) => line.take(jobs),
    onError: (error) => options.app.log.warn("dispatch.queue-away", errorFields(error)),
  });
  return line.start(consumer);
}

/** The messages of one channel that have been leased and not yet handed over. */
class Line {
  readonly #options: DispatchOptions;
  readonly #brands: EmailBrands;
  readonly #ready: Ready[] = [];
  readonly #underWay = new Set<Promise<void>>();
  /** How many each provider has been handed and not answered. */
  readonly #unanswered = new Map<string, number>();
  #preparing = 0;
  #isPumpPlanned = false;
  #consumer: Consumer | undefined;

  constructor(options: DispatchOptions) {
    this.#options = options;
    this.#brands = createEmailBrands(options.app.db);
  }

  start(consumer: Consumer): Dispatcher {
    this.#consumer = consumer;
    const timer = setInterval(() => this.#pump(), ROOM_CHECK_MS);
    return {
      wake: () => this.#pump(),
      stop: async () => {
        await consumer.stop();
        clearInterval(timer);
        this.#putBackAll();
        await Promise.allSettled(this.#underWay);
        await this.#options.recorder.idle();
      },
    };
  }

  /** How many more to lease: what the windows take now and some to have ready; none while no provider takes any. */
  room(): number {
    const capacity = this.#options.fleet.capacity(this.#options.channel);
    if (capacity === 0 && this.#ready.length > 0) return 0;
    const room = capacity + READY_MAX - this.#ready.length - this.#preparing;
    return capacity > 0 && room >= READY_MAX / 2 ? room : 0;
  }

  async take(jobs: Job[]): Promise<void> {
    this.#preparing += jobs.length;
    try {
      const ids = jobs.map((job) => job.id);
      const [notifications, documentKeys] = await Promise.all([
        getOutgoing(this.#options.app.db, ids),
        this.#keys(ids),
      ]);
      const byId = new Map(notifications.map((notification) => [notification.id, notification]));
      for (const job of jobs) await this.#prepare(job, { notification: byId.get(job.id), documentKeys });
    } finally {
      this.#preparing -= jobs.length;
      this.#pump();
    }
  }

  /** Of files: only emails have any. */
  #keys(ids: readonly string[]): Promise<ReadonlyMap<string, Buffer>> {
    const { app, channel } = this.#options;
    return channel === "email" ? listDocumentKeys(app.db, ids) : NO_KEYS;
  }

  async #brandOf({ serviceId }: OutgoingNotification): Promise<EmailBrand | undefined> {
    return this.#options.channel === "email" ? this.#brands.find(serviceId) : undefined;
  }

  async #prepare(job: Job, { notification, documentKeys }: Fetched): Promise<void> {
    const isRepeated = job.leases > 1;
    if (notification?.status !== "created") {
      const remains = notification && (await this.#remainsOf(notification));
      return this.#finish({ notification: notification ?? gone(job), isRepeated, ending: NOTHING, remains });
    }
    const { app } = this.#options;
    if (notification.validUntil && notification.validUntil <= app.clock.now()) {
      const remains = await this.#remainsOf(notification);
      return this.#finish({ notification, isRepeated, ending: { kind: "expired" }, remains });
    }
    const service = await app.services.find(notification.serviceId);
    const template = await app.templates.findVersion(notification.templateId, notification.templateVersion);
    if (!service || !template) return this.#putBack({ notification, isRepeated }, NO_ROUTE_PUT_BACK_MS);
    const brand = await this.#brandOf(notification);
    this.#route({ notification, service, template, documentKeys, brand }, isRepeated);
  }

  #route(sendable: Sendable, isRepeated: boolean): void {
    const { notification } = sendable;
    const choice = this.#choose(notification);
    switch (choice.kind) {
      case "route":
        this.#ready.push({ ...sendable, isRepeated, provider: choice.route.provider, waitsSinceMs: performance.now() });
        return;
      case "none-available":
        this.#putBack({ notification, isRepeated }, PUT_BACK_MS);
        return;
      case "no-route":
        this.#options.app.log.warn("dispatch.no-route", {
          notificationId: notification.id,
          channel: notification.channel,
        });
        this.#putBack({ notification, isRepeated }, NO_ROUTE_PUT_BACK_MS);
    }
  }

  #choose(notification: OutgoingNotification): RouteChoice<RouteRecord> {
    const { fleet, channel } = this.#options;
    return chooseRoute({
      routes: fleet.routes(channel),
      keyKind: notification.keyKind,
      isInternational: notification.isInternational,
      isAvailable: (provider) => fleet.isAvailable(provider) || this.#isFilling(provider),
      firstProviders: fleet.firstProviders(notification.countryPrefix),
      failedProvider: notification.attempts > 0 ? notification.provider : undefined,
      draw: Math.random(),
    });
  }

  /** A provider whose window is full for the moment is available all the same: its messages wait here. */
  #isFilling(provider: string): boolean {
    if ((this.#unanswered.get(provider) ?? 0) > 0) return true;
    return this.#ready.some((ready) => ready.provider === provider);
  }

  /** Hands over what has room; what has waited too long goes back to the queue, for another route or another time. */
  #pump(): void {
    const { fleet } = this.#options;
    const waitingSinceMs = performance.now() - WAIT_FOR_ROOM_MAX_MS;
    const waiting = this.#ready.splice(0);
    for (const ready of waiting) {
      const made = fleet.find(ready.provider);
      if (made && made.provider.capacity() > 0) this.#send(ready, made);
      else if (ready.waitsSinceMs < waitingSinceMs) this.#putBack(ready, PUT_BACK_MS);
      else this.#ready.push(ready);
    }
    this.#consumer?.hasRoom();
  }

  #send(ready: Ready, made: AnyProvider): void {
    const { notification, isRepeated, provider } = ready;
    this.#countUnanswered(provider, 1);
    const sending = this.#handOver(ready, made)
      .then(({ outcome, content }) => {
        const remains = content && remainsOf(ready.service, notification.id, content);
        this.#finish({ notification, isRepeated, ending: { kind: "outcome", provider, outcome }, remains });
      })
      .finally(() => {
        this.#underWay.delete(sending);
        this.#countUnanswered(provider, -1);
        this.#planPump();
      });
    this.#underWay.add(sending);
  }

  #countUnanswered(provider: string, change: 1 | -1): void {
    this.#unanswered.set(provider, (this.#unanswered.get(provider) ?? 0) + change);
  }

  /** The answers that one turn of the event loop brings make room together. */
  #planPump(): void {
    if (this.#isPumpPlanned) return;
    this.#isPumpPlanned = true;
    setImmediate(() => {
      this.#isPumpPlanned = false;
      this.#pump();
    });
  }

  /** A message that cannot even be made is refused, and the rest go on. */
  async #handOver(ready: Ready, made: AnyProvider): Promise<HandedOver> {
    try {
      const content = openContent(ready.service, ready.notification);
      return { content, outcome: await this.#give(ready, made, content) };
    } catch (error) {
      const { log } = this.#options.app;
      log.error("dispatch.not-made", { notificationId: ready.notification.id, ...errorFields(error) });
      return { content: undefined, outcome: { kind: "refused", reason: "the message could not be made" } };
    }
  }

  #give(ready: Ready, made: AnyProvider, content: PersonalContent): Promise<Outcome> {
    if (made.channel === "sms") return made.provider.send(textMessage(ready, content));
    if (made.channel === "email") return made.provider.send(emailMessage(this.#options.app, ready, content));
    return Promise.resolve({ kind: "refused", reason: "a printer carries no messages" });
  }

  /** What is left of one that nobody has to send any more, where its words are not kept. */
  async #remainsOf(notification: OutgoingNotification): Promise<Buffer | undefined> {
    const service = await this.#options.app.services.find(notification.serviceId);
    return service && remainsOf(service, notification.id, openContent(service, notification));
  }

  #putBack(put: Pick<Handled, "notification" | "isRepeated">, afterMs: number): void {
    const at = new Date(this.#options.app.clock.now().getTime() + afterMs);
    this.#finish({ notification: put.notification, isRepeated: put.isRepeated, ending: { kind: "put-back", at } });
  }

  #putBackAll(): void {
    for (const ready of this.#ready.splice(0)) this.#putBack(ready, 0);
  }

  /** What cannot be recorded is found again when its lease ends. */
  #finish(handled: Handled): void {
    const { app, recorder } = this.#options;
    const recorded = recorder
      .record(handled)
      .catch((error) =>
        app.log.warn("dispatch.not-recorded", { notificationId: handled.notification.id, ...errorFields(error) }),
      )
      .finally(() => this.#underWay.delete(recorded));
    this.#underWay.add(recorded);
  }
}

const NOTHING = { kind: "nothing-to-do" } as const;

/** Retention has dropped the notification; its job is all that is left. */
function gone(job: Job): OutgoingNotification {
  return { id: job.id, channel: "sms" } as OutgoingNotification;
}
