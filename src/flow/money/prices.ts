/** The price list as it was a moment ago, and how much was used this month: so that pricing a text asks the database nothing. */

import { dayOf } from "../../core/calendar/home-day.ts";
import type { ChatApp } from "../../core/chat/chat-app.ts";
import type { Decimal } from "../../core/price/decimal.ts";
import { type HomeMoney, isInPounds } from "../../core/price/home-money.ts";
import { asksForVolume, listedPrice, type PriceList, priceList } from "../../core/price/price-list.ts";
import { priceOfFragment } from "../../core/price/text-price.ts";
import type { Clock } from "../../platform/clock.ts";
import type { Db } from "../../platform/db.ts";
import { createTimedCache } from "../../platform/timed-cache.ts";
import { type ChatPrices, getChatPrices } from "../../records/deployment/chat-prices.ts";
import { getHomeMoney } from "../../records/deployment/home-money.ts";
import { listPrices } from "../../records/prices/price-list-store.ts";
import type { Service } from "../../records/services/service.ts";
import { sumFragments } from "../../records/statistics/fragment-store.ts";

/** A new price counts on every process within two seconds. */
const LIST_TTL_MS = 1_500;
/** Counts of hours change no faster. */
const USED_TTL_MS = 60_000;
const OWNERS_MAX = 10_000;

type Owner = Pick<Service, "id" | "organisationId">;

/** A number, or the beginning of numbers. */
export interface PricedPlace {
  digits: string;
  network: string | undefined;
  /** How many house rates a fragment there costs. */
  rateMultiplier: number;
}

export interface Prices {
  /** What this installation charges in. */
  home(): Promise<HomeMoney>;
  /**
   * What a fragment to a number costs a service now, by the list; undefined for the house rate. House rates are in pounds: where the home
   * counts in another currency they are converted here, so that every text there is accepted with a price of its own.
   */
  listed(service: Owner, place: PricedPlace): Promise<Decimal | undefined>;
  /** What a chat message costs now; undefined for nothing. */
  ofChat(app: ChatApp): Promise<string | undefined>;
  /** For the process that has just changed it. */
  forget(): void;
}

export function createPrices(db: Db, clock: Clock): Prices {
  const lists = createTimedCache<"all", PriceList>({
    ttlMs: LIST_TTL_MS,
    maxEntries: 1,
    load: async () => priceList(await listPrices(db)),
  });
  const chats = createTimedCache<"all", ChatPrices>({
    ttlMs: LIST_TTL_MS,
    maxEntries: 1,
    load: () => getChatPrices(db),
  });
  const homes = createTimedCache<"all", HomeMoney>({
    ttlMs: LIST_TTL_MS,
    maxEntries: 1,
    load: () => getHomeMoney(db),
  });
  const used = createTimedCache<string, number>({
    ttlMs: USED_TTL_MS,
    maxEntries: OWNERS_MAX,
    load: (key) => {
      const [kind = "", id = "", today = ""] = key.split(" ");
      return sumFragments(db, kind === "organisation" ? { organisationId: id } : { serviceId: id }, monthOf(today));
    },
  });
  const inList = async (service: Owner, { digits, network }: PricedPlace) => {
    const list = await lists.get("all");
    if (list.digitsMax === 0) return undefined;
    const day = dayOf(clock.now());
    return listedPrice(list, {
      digits,
      network,
      day,
      used: asksForVolume(list) ? await used.get(ownerKey(service, day)) : 0,
    });
  };
  return {
    home: () => homes.get("all"),
    listed: async (service, place) => {
      const home = await homes.get("all");
      const unitPrice = await inList(service, place);
      if (unitPrice || isInPounds(home)) return unitPrice;
      const { rateMultiplier } = place;
      return priceOfFragment({ unitPrice, rateMultiplier, createdAt: clock.now(), home });
    },
    ofChat: async (app) => (await chats.get("all"))[app],
    forget: () => {
      lists.forget("all");
      chats.forget("all");
      homes.forget("all");
    },
  };
}

/** Services of one organisation reach a volume together. */
function ownerKey({ id, organisationId }: Owner, day: string): string {
  return organisationId === undefined ? `service ${id} ${day}` : `organisation ${organisationId} ${day}`;
}

/** The days of a day's month so far. */
function monthOf(day: string): { first: string; last: string } {
  return { first: `${day.slice(0, 7)}-01`, last: day };
}
