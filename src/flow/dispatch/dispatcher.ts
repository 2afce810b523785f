/**
 * Takes notifications from the queue and hands them to providers: leases a batch, makes each into its message, chooses a route, and
 * sends it as soon as the provider's window has room. What became of each is recorded for many at once.
 */

import { HOME_TIME_ZONE } from "../../core/calendar/home.ts";
import { minuteOfWeek } from "../../core/calendar/week-times.ts";
import type { DispatchedChannel } from "../../core/channels/channels.ts";
import { countryRate } from "../../core/phone/international-rates.ts";
import { chooseRoute, type RouteChoice, type Standing } from "../../core/routing/choose-route.ts";
import { routeNote } from "../../core/routing/route-note.ts";
import { misfitOf, PRIORITIES } from "../../core/routing/route-rule.ts";
import { senderTypeOf } from "../../core/senders/sender-type.ts";
import { errorFields } from "../../platform/log.ts";
import { type Consumer, consume, type Job, type Lane } from "../../platform/queue.ts";
import type { Outcome } from "../../providers/provider.ts";
import type { EmailBrand } from "../../records/brands/brand.ts";
import { createEmailBrands, type EmailBrands } from "../../records/brands/email-brand-cache.ts";
import type { ChatFacts } from "../../records/chat-contacts/chat-contact-store.ts";
import { listDocumentKeys } from "../../records/documents/document-store.ts";
import type { OutgoingNotification, PersonalContent } from "../../records/notifications/notification.ts";
import { getOutgoing } from "../../records/notifications/notification-store.ts";
import type { Service } from "../../records/services/service.ts";
import type { App } from "../app.ts";
import type { HealthWatch } from "../health/health-watch.ts";
import { DISPATCH_QUEUES } from "../jobs.ts";
import { networksOf } from "../number-lookups/networks-of.ts";
import { openContent, remainsOf } from "../personal-content.ts";
import { heldUntil } from "../quiet-hours.ts";
import type { RoutingRule } from "../routing/routing.ts";
import { listSuppressedMeanwhile, type SuppressedMeanwhile } from "../suppressions/suppressed-meanwhile.ts";
import { type ChatFactsById, chatFactsOf, keepingTo, routesFor } from "./chat-messages.ts";
import type { AnyProvider, Fleet } from "./fleet.ts";
import { give } from "./give.ts";
import type { Sendable } from "./messages.ts";
import type { Handled, Recorder } from "./recorder.ts";
import { WaitingRoom } from "./waiting-room.ts";

const BATCH_MAX = 200;
/** Messages made ready while windows are full, so that a window never waits for the database. */
const READY_MAX = 200;
/** Beyond so many that one provider has no room for, others are asked. */
const WAITING_MAX = 100;
/** Longer than a message waits for room, is answered and recorded. */
const LEASE_MS = 30_000;
const WAIT_FOR_ROOM_MAX_MS = 5_000;
const PUT_BACK_MS = 1_000;
/** A message nothing is set up for is looked at again when somebody may have set it up. */
const NO_ROUTE_PUT_BACK_MS = 60_000;
const ROOM_CHECK_MS = 100;
const MINUTE_MS = 60_000;

export interface Dispatcher {
  /** Providers have become available, or no longer are: what waits looks for its way again. */
  routeAgain(): void;
  stop(): Promise<void>;
}

export interface DispatchOptions {
  app: App;
  fleet: Fleet;
  health: HealthWatch;
  recorder: Recorder;
  channel: DispatchedChannel;
}

/** A message that waits for room with its provider. */
interface Ready extends Routable {
  provider: string;
  /** Why this way: kept with the message. */
  routeNote: string;
  waitsSinceMs: number;
}

interface Routable extends Sendable {
  isRepeated: boolean;
  lane: Lane;
  network: string | undefined;
  chat?: ChatFacts | undefined;
  /** Of one that looks for its way again. */
  waitsSinceMs?: number;
}

/** What a job is about, as the database has it. */
interface Fetched {
  notification: OutgoingNotification | undefined;
  documentKeys: ReadonlyMap<string, Buffer>;
  suppressed: SuppressedMeanwhile;
  networks: ReadonlyMap<string, string>;
  chatFacts: ChatFactsById;
}

/** What a provider said, and what it was given. */
interface HandedOver {
  outcome: Outcome;
  content: PersonalContent | undefined;
}

const NO_KEYS = Promise.resolve(new Map<string, Buffer>());
const NO_NETWORKS = Promise.resolve(new Map<string, string>());

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
  readonly #waiting = new WaitingRoom<Ready>();
  readonly #underWay = new Set<Promise<void>>();
  /** How many each provider has been handed and not answered. */
  readonly #unanswered = new Map<string, number>();
  #preparing = 0;
  #isPumpPlanned = false;
  #week = { minute: -1, minuteOfWeek: 0 };
  #consumer: Consumer | undefined;

  constructor(options: DispatchOptions) {
    this.#options = options;
    this.#brands = createEmailBrands(options.app.db);
  }

  start(consumer: Consumer): Dispatcher {
    this.#consumer = consumer;
    const timer = setInterval(() => this.#pump(), ROOM_CHECK_MS);
    return {
      routeAgain: () => this.#routeAgain(),
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
    if (capacity === 0 && this.#waiting.size > 0) return 0;
    const room = capacity + READY_MAX - this.#waiting.size - this.#preparing;
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
      const suppressed = await listSuppressedMeanwhile(this.#options.app, notifications);
      const networks = await this.#networks(ids);
      const chatFacts = await chatFactsOf(this.#options.app, this.#options.channel, ids);
      const byId = new Map(notifications.map((notification) => [notification.id, notification]));
      for (const job of jobs)
        await this.#prepare(job, { notification: byId.get(job.id), documentKeys, suppressed, networks, chatFacts });
    } finally {
      this.#preparing -= jobs.length;
      this.#pump();
    }
  }

  /** Of recipients that were looked up: asked only where a route asks for a network. */
  #networks(ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const { app, channel, fleet } = this.#options;
    const isAskedFor = fleet.routing.routes(channel).some(({ networks }) => networks.length > 0);
    return isAskedFor ? networksOf(app, ids) : NO_NETWORKS;
  }

  /** Of files: only emails have any. */
  #keys(ids: readonly string[]): Promise<ReadonlyMap<string, Buffer>> {
    const { app, channel } = this.#options;
    return channel === "email" ? listDocumentKeys(app.db, ids) : NO_KEYS;
  }

  async #brandOf({ emailBrandId }: Service): Promise<EmailBrand | undefined> {
    if (this.#options.channel !== "email" || emailBrandId === undefined) return undefined;
    return this.#brands.find(emailBrandId);
  }

  async #prepare(job: Job, fetched: Fetched): Promise<void> {
    const { notification, documentKeys, suppressed, networks, chatFacts } = fetched;
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
    const reason = suppressed.get(notification.id);
    if (reason !== undefined) {
      const remains = await this.#remainsOf(notification);
      return this.#finish({ notification, isRepeated, ending: { kind: "suppressed", reason }, remains });
    }
    const service = await app.services.find(notification.serviceId);
    const template = await app.templates.findVersion(notification.templateId, notification.templateVersion);
    if (!service || !template) return this.#putBack({ notification, isRepeated }, NO_ROUTE_PUT_BACK_MS);
    const heldTo = heldUntil(service, { ...notification, lane: job.lane }, app.clock.now());
    if (heldTo) return this.#hold({ notification, isRepeated }, heldTo);
    const brand = await this.#brandOf(service);
    const network = networks.get(notification.id) ?? notification.network;
    const chat = chatFacts.get(notification.id);
    this.#route({ notification, service, template, documentKeys, brand, isRepeated, lane: job.lane, network, chat });
  }

  #route(routable: Routable): void {
    const { notification, isRepeated } = routable;
    const choice = this.#choose(routable);
    switch (choice.kind) {
      case "route": {
        const { provider } = choice.route;
        const { waitsSinceMs = performance.now() } = routable;
        if (choice.how === "probe") this.#options.health.probed(provider);
        this.#waiting.add({ ...routable, provider, routeNote: routeNote(choice), waitsSinceMs });
        return;
      }
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

  #choose({ notification, service, lane, network, chat }: Routable): RouteChoice<RoutingRule> {
    const { fleet, channel } = this.#options;
    const { keyKind, isInternational, countryPrefix, serviceId, sender } = notification;
    const place = { countryPrefix: countryPrefix ?? "", network };
    const message = {
      ...{ keyKind, isInternational, countryPrefix, serviceId, network },
      senderType: channel === "sms" ? senderTypeOf(sender ?? service.name) : undefined,
      priority: PRIORITIES[lane],
      minuteOfWeek: this.#minuteOfWeek(),
    };
    const isUsable = (route: RoutingRule) => !misfitOf(route, message) && fleet.isConnected(route.provider);
    return chooseRoute({
      ...{ routes: keepingTo(chat, routesFor(fleet, notification), isUsable), message },
      standingOf: (provider) => this.#standingOf(provider),
      priceOf: (provider) => fleet.routing.price(provider, place)?.millionths,
      failedProvider: notification.attempts > 0 ? notification.provider : undefined,
      draw: Math.random(),
    });
  }

  /** A provider whose window is full for the moment is ready all the same, as long as few wait for it; one that pauses is not. */
  #standingOf(provider: string): Standing {
    const { fleet, health } = this.#options;
    if (!fleet.isConnected(provider)) return AWAY;
    const standing = health.standingOf(provider);
    // Full counts for less than open: one in trouble that also pauses would be preferred to one that is coming back.
    if (standing.kind === "ready" && standing.share === 0 && !standing.wantsProbe) return standing;
    const capacity = fleet.find(provider)?.provider.capacity() ?? 0;
    const waiting = this.#waiting.count(provider);
    const isPausing = capacity === 0 && waiting === 0 && (this.#unanswered.get(provider) ?? 0) === 0;
    return isPausing || waiting - capacity >= WAITING_MAX ? FULL : standing;
  }

  /** Asked for every message, and the same for a whole minute. */
  #minuteOfWeek(): number {
    const now = this.#options.app.clock.now();
    const minute = Math.floor(now.getTime() / MINUTE_MS);
    if (minute !== this.#week.minute) this.#week = { minute, minuteOfWeek: minuteOfWeek(now, HOME_TIME_ZONE) };
    return this.#week.minuteOfWeek;
  }

  #routeAgain(): void {
    for (const ready of this.#waiting.takeAll()) this.#route(ready);
    this.#pump();
  }

  /** Hands over what has room; what has waited too long goes back to the queue, for another route or another time. */
  #pump(): void {
    const { fleet } = this.#options;
    this.#waiting.release(
      (provider) => (fleet.find(provider)?.provider.capacity() ?? 0) > 0,
      (ready) => this.#send(ready),
    );
    const waitedTooLong = this.#waiting.takeOlder(performance.now() - WAIT_FOR_ROOM_MAX_MS);
    for (const ready of waitedTooLong) this.#putBack(ready, PUT_BACK_MS);
    this.#consumer?.hasRoom();
  }

  #send(ready: Ready): void {
    const { notification, isRepeated, provider, routeNote } = ready;
    const { fleet, health } = this.#options;
    this.#countUnanswered(provider, 1);
    const handOver = health.begin(provider);
    const sending = this.#handOver(ready, fleet.find(provider))
      .then(({ outcome, content }) => {
        health.answered(handOver, outcome, { reports: reportsOn(notification) });
        const remains = content && remainsOf(ready.service, notification.id, content);
        const ending = { kind: "outcome", provider, routeNote, outcome } as const;
        this.#finish({ notification, isRepeated, ending, remains });
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

  /** A message that cannot even be made is refused, and the rest go on. Its words are not kept for that, where they are not to be. */
  async #handOver(ready: Ready, made: AnyProvider | undefined): Promise<HandedOver> {
    let content: PersonalContent | undefined;
    try {
      content = openContent(ready.service, ready.notification);
      return { content, outcome: await give(this.#options.app, { ...ready, made, content }) };
    } catch (error) {
      const { log } = this.#options.app;
      log.error("dispatch.not-made", { notificationId: ready.notification.id, ...errorFields(error) });
      return { content, outcome: { kind: "refused", reason: "the message could not be made", dueTo: "us" } };
    }
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

  /** Until the recipient's morning, if it may still be sent then. */
  async #hold({ notification, isRepeated }: Pick<Handled, "notification" | "isRepeated">, at: Date): Promise<void> {
    const isTooLate = notification.validUntil !== undefined && notification.validUntil <= at;
    const remains = isTooLate ? await this.#remainsOf(notification) : undefined;
    const ending = isTooLate ? ({ kind: "expired" } as const) : ({ kind: "held", at } as const);
    this.#finish({ notification, isRepeated, ending, remains });
  }

  #putBackAll(): void {
    for (const ready of this.#waiting.takeAll()) this.#putBack(ready, 0);
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
const FULL: Standing = { kind: "full" };
const AWAY: Standing = { kind: "away" };

/** Whether the network it goes to ever reports back; of an email only bad news comes. */
function reportsOn({ channel, isInternational, countryPrefix = "" }: OutgoingNotification): boolean {
  return channel === "sms" && (!isInternational || countryRate(countryPrefix)?.receipts === true);
}

/** Retention has dropped the notification; its job is all that is left. */
function gone(job: Job): OutgoingNotification {
  return { id: job.id, channel: "sms" } as OutgoingNotification;
}
