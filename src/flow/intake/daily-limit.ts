/** Daily limits of a service, by channel and UTC day. The flight's transaction holds them exactly; what is known to be full is refused before. */
import { Refusal } from "../../core/refusal.ts";
import type { Clock } from "../../platform/clock.ts";
import type { Db } from "../../platform/db.ts";
import { createTimedCache } from "../../platform/timed-cache.ts";
import { type DailyAddition, listDailyTotals } from "../../records/limits/daily-total-store.ts";
import type { Channel, KeyKind, LimitKind, Service } from "../../records/services/service.ts";
import { keyKindOf, type SendRequest } from "./send-request.ts";

const TOTALS_TTL_MS = 1_000;
const SERVICES_MAX = 10_000;
const HOME_PREFIX = "44";
const MS_PER_DAY = 24 * 60 * 60_000;

export interface DailyLimits {
  /** Before a request is read: is the channel's limit already reached? Test keys have none. */
  refuseIfChannelReached(service: Service, keyKind: KeyKind, channel: Channel): Promise<void>;
  /** Once the recipient is known: the limit for texts abroad. */
  refuseIfReached(request: SendRequest): Promise<void>;
  /** A flight has found this limit reached. */
  noteReached(addition: DailyAddition): void;
}

export function createDailyLimits(db: Db, clock: Clock): DailyLimits {
  const totals = createTimedCache<string, Map<LimitKind, number>>({
    ttlMs: TOTALS_TTL_MS,
    maxEntries: SERVICES_MAX,
    load: async (key) => {
      const [serviceId = "", day = ""] = key.split(" ");
      return new Map((await listDailyTotals(db, serviceId, day)).map(({ kind, total }) => [kind, total]));
    },
  });
  const refuseIfFull = async (service: Service, kind: LimitKind): Promise<void> => {
    const limit = service.dailyLimits[kind];
    const sent = (await totals.get(`${service.id} ${dayOf(clock.now())}`)).get(kind) ?? 0;
    if (sent + 1 > limit) throw new DailyLimitReached(kind, limit);
  };
  return {
    refuseIfChannelReached: async (service, keyKind, channel) => {
      if (keyKind !== "test") await refuseIfFull(service, channel);
    },
    refuseIfReached: async (request) => {
      if (keyKindOf(request) !== "test" && countsAsInternational(request))
        await refuseIfFull(request.service, "international_sms");
    },
    noteReached: (addition) => totals.forget(`${addition.serviceId} ${addition.day}`),
  };
}

/** A letter counts towards the letters of its day; one of a test key towards nothing. */
export function letterAdditionsOf({ service, key }: Pick<SendRequest, "service" | "key">, at: Date): DailyAddition[] {
  if (keyKindOf({ key }) === "test") return [];
  return [{ serviceId: service.id, kind: "letter", day: dayOf(at), added: 1, ceiling: service.dailyLimits.letter }];
}

/** How much of its limits a service has used today, by kind; what is missing is none. Days are UTC, as for the limits. */
export async function usedToday(
  { db, clock }: { db: Db; clock: Clock },
  serviceId: string,
): Promise<ReadonlyMap<LimitKind, number>> {
  const totals = await listDailyTotals(db, serviceId, dayOf(clock.now()));
  return new Map(totals.map(({ kind, total }) => [kind, total]));
}

/** What a request counts towards: its channel's limit and, abroad, the one for texts abroad. Test keys count towards nothing. */
export function dailyAdditionsOf(request: SendRequest, at: Date): DailyAddition[] {
  const { service, recipient } = request;
  if (keyKindOf(request) === "test") return [];
  const kinds: LimitKind[] = countsAsInternational(request)
    ? [recipient.channel, "international_sms"]
    : [recipient.channel];
  return kinds.map((kind) => ({
    serviceId: service.id,
    kind,
    day: dayOf(at),
    added: 1,
    ceiling: service.dailyLimits[kind],
  }));
}

/** Says which limit it was, for those who have words of their own for it. */
export class DailyLimitReached extends Refusal {
  readonly limitKind: LimitKind;
  readonly limit: number;

  constructor(limitKind: LimitKind, limit: number) {
    super("limit-reached", `Exceeded send limits (${limitKind}: ${limit}) for today`);
    this.limitKind = limitKind;
    this.limit = limit;
  }
}

/** Jersey, Guernsey and the Isle of Man share the home prefix, and are not counted as abroad here. */
function countsAsInternational({ recipient }: SendRequest): boolean {
  return recipient.channel === "sms" && recipient.number.countryPrefix !== HOME_PREFIX;
}

/** Each request asks twice, and mostly of the same day. */
const lastDay = { number: Number.NaN, text: "" };

function dayOf(moment: Date): string {
  const number = Math.floor(moment.getTime() / MS_PER_DAY);
  if (number !== lastDay.number) {
    lastDay.number = number;
    lastDay.text = moment.toISOString().slice(0, 10);
  }
  return lastDay.text;
}
