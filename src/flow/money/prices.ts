/** The price list as it was a moment ago, and how much was used this month: so that pricing a text asks the database nothing. */

import { dayOf } from "../../core/calendar/home-day.ts";
import type { ChatApp } from "../../core/chat/chat-app.ts";
import type { Decimal } from "../../core/price/decimal.ts";
import { asksForVolume, listedPrice, type PriceList, priceList } from "../../core/price/price-list.ts";
import type { Clock } from "../../platform/clock.ts";
import type { Db } from "../../platform/db.ts";
import { createTimedCache } from "../../platform/timed-cache.ts";
import { type ChatPrices, getChatPrices } from "../../records/deployment/chat-prices.ts";
import { listPrices } from "../../records/prices/price-list-store.ts";
import type { Service } from "../../records/services/service.ts";
import { sumFragments } from "../../records/statistics/fragment-store.ts";

/** A new price counts on every process within two seconds. */
const LIST_TTL_MS = 1_500;
/** Counts of hours change no faster. */
const USED_TTL_MS = 60_000;
const OWNERS_MAX = 10_000;

type Owner = Pick<Service, "id" | "organisationId">;

export interface Prices {
  /** What a fragment to a number costs a service now, by the list; undefined for the house rate. */
  listed(service: Owner, place: { digits: string; network: string | undefined }): Promise<Decimal | undefined>;
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
  const used = createTimedCache<string, number>({
    ttlMs: USED_TTL_MS,
    maxEntries: OWNERS_MAX,
    load: (key) => {
      const [kind = "", id = "", today = ""] = key.split(" ");
      return sumFragments(db, kind === "organisation" ? { organisationId: id } : { serviceId: id }, monthOf(today));
    },
  });
  return {
    listed: async (service, place) => {
      const list = await lists.get("all");
      if (list.digitsMax === 0) return undefined;
      const day = dayOf(clock.now());
      return listedPrice(list, {
        ...place,
        day,
        used: asksForVolume(list) ? await used.get(ownerKey(service, day)) : 0,
      });
    },
    ofChat: async (app) => (await chats.get("all"))[app],
    forget: () => {
      lists.forget("all");
      chats.forget("all");
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
