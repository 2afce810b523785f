/** Counts hours that are over, again those that may have changed, and folds settled ones into their days. For the housekeeping. */
import { isFirstCountDue, isFoldDue, isRecountDue } from "../../core/calendar/count-timetable.ts";
import { dayOf } from "../../core/calendar/home-day.ts";
import { statusGroupOf } from "../../core/delivery/status-groups.ts";
import type { Status } from "../../core/delivery/statuses.ts";
import type { CarrierPrice } from "../../core/price/carrier-prices.ts";
import { type Decimal, decimal, decimalText, plus, times } from "../../core/price/decimal.ts";
import { type ProviderVolume, replaceProviderVolumes } from "../../records/statistics/provider-volume-store.ts";
import {
  countSpan,
  findLastCountedHour,
  findOldestMessage,
  foldHour,
  type HourTally,
  listCountedHours,
  nextHour,
  noteCounted,
  replaceHour,
} from "../../records/statistics/statistics-store.ts";
import type { App } from "../app.ts";
import { readCarrierCharges } from "../money/carrier-charges.ts";
import { isCharged } from "./charges.ts";

/** A statement reads no more than this, so that none runs for long. */
const SLICE_MS = 5 * 60_000;
const HOUR_MS = 3_600_000;
/** In one go; the next run goes on. */
const HOURS_AT_ONCE_MAX = 48;

type Counter = Pick<App, "db" | "clock">;

export async function countHours(app: Counter): Promise<{ counted: number; folded: number }> {
  const now = app.clock.now();
  const known = await listCountedHours(app.db);
  const folding = known.filter((hour) => isFoldDue(hour, now)).slice(0, HOURS_AT_ONCE_MAX);
  const again = known.filter((hour) => isRecountDue(hour, now) && !folding.includes(hour)).map(({ hour }) => hour);
  const due = [...again, ...(await uncountedHours(app, now))].slice(0, HOURS_AT_ONCE_MAX);
  for (const hour of due) await countHour(app, hour);
  for (const { hour } of folding) await app.db.transaction((tx) => foldHour(tx, hour));
  return { counted: due.length, folded: folding.length };
}

/** From the last one counted, or where the messages begin. */
async function uncountedHours({ db }: Counter, now: Date): Promise<Date[]> {
  const last = await findLastCountedHour(db);
  const first = last ? nextHour(last) : startOfHour(await findOldestMessage(db));
  const hours: Date[] = [];
  for (let hour = first; hour && isFirstCountDue(hour, now) && hours.length < HOURS_AT_ONCE_MAX; hour = nextHour(hour))
    hours.push(hour);
  return hours;
}

async function countHour({ db, clock }: Counter, hour: Date): Promise<void> {
  const countedAt = clock.now();
  const tallies = new Map<string, HourTally>();
  const volumes = new Map<string, ProviderVolume>();
  const prices = (await readCarrierCharges(db)).on(dayOf(hour));
  for (let ms = hour.getTime(); ms < hour.getTime() + HOUR_MS; ms += SLICE_MS) {
    const slice = await countSpan(db, { from: new Date(ms), before: new Date(ms + SLICE_MS) });
    for (const { provider, network, repeatedMessages, repeatedFragments, ...tally } of slice) {
      if (provider !== undefined && isCarried(tally)) {
        const price = prices.of(provider, { countryPrefix: tally.countryPrefix, network });
        const currency = prices.currencyOf(provider) ?? "";
        addVolume(volumes, tally, { provider, currency, price, repeatedMessages, repeatedFragments });
      }
      add(tallies, tally);
    }
  }
  const all = [...tallies.values()];
  const hasUnfinished = all.some((tally) => tally.status === "sent" || isUnderWay(tally));
  await db.transaction(async (tx) => {
    await replaceHour(tx, hour, all);
    await replaceProviderVolumes(tx, hour, [...volumes.values()]);
    await noteCounted(tx, { hour, countedAt, hasUnfinished });
  });
}

function isUnderWay({ status }: HourTally): boolean {
  return statusGroupOf(status as Status) === "sending";
}

/** What somebody pays a carrier for. */
function isCarried({ channel, keyKind, status, fragments }: HourTally): boolean {
  return channel === "sms" && isCharged({ keyKind, status }) && status !== "technical-failure" && fragments > 0;
}

interface Carried {
  provider: string;
  currency: string;
  price: CarrierPrice | undefined;
  repeatedMessages: number;
  repeatedFragments: number;
}

/** What has no price, or no rate, is counted as such, and not as nothing. */
function addVolume(volumes: Map<string, ProviderVolume>, tally: HourTally, carried: Carried): void {
  const { provider, currency, price, repeatedMessages, repeatedFragments } = carried;
  const { rateMultiplier, messages, fragments } = tally;
  const key = `${provider}\n${rateMultiplier}`;
  const known = volumes.get(key) ?? noVolume(provider, rateMultiplier);
  const more = (sum: string, amount: Decimal, parts = fragments): string =>
    decimalText(plus(decimal(sum), times(amount, parts)));
  const isPriced = price?.atHome !== undefined;
  volumes.set(key, {
    ...known,
    messages: known.messages + messages,
    fragments: known.fragments + fragments,
    currency,
    charged: price ? more(known.charged, price.amount) : known.charged,
    cost: price?.atHome ? more(known.cost, price.atHome) : known.cost,
    unpricedFragments: known.unpricedFragments + (isPriced ? 0 : fragments),
    repeatedMessages: known.repeatedMessages + repeatedMessages,
    repeatedCost: price?.atHome ? more(known.repeatedCost, price.atHome, repeatedFragments) : known.repeatedCost,
  });
}

function noVolume(provider: string, rateMultiplier: number): ProviderVolume {
  const nothing = { messages: 0, fragments: 0, currency: "", charged: "0.0", cost: "0.0", unpricedFragments: 0 };
  return { provider, rateMultiplier, ...nothing, repeatedMessages: 0, repeatedCost: "0.0" };
}

function add(tallies: Map<string, HourTally>, tally: HourTally): void {
  const { messages, fragments, ...common } = tally;
  const key = JSON.stringify(Object.values(common));
  const known = tallies.get(key);
  if (!known) {
    tallies.set(key, tally);
    return;
  }
  known.messages += messages;
  known.fragments += fragments;
}

function startOfHour(moment: Date | undefined): Date | undefined {
  return moment && new Date(Math.floor(moment.getTime() / HOUR_MS) * HOUR_MS);
}
