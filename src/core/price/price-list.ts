/**
 * What a fragment is charged at, by the digits a number begins with, its network where that is known, the day, and how much was used this
 * month. Prices of the number's network come before those that name none; among these the longest beginning that fits decides, then the
 * latest day, then the highest volume that is reached. Where nothing fits, the house rates hold.
 *
 *     const list = priceList([{ prefix: "372", validFrom: "2026-01-01", fromFragments: 0, price: "0.041", label: "" }]);
 *     listedPrice(list, { digits: "37251234567", day: "2026-06-01", used: 0 }) → 0.041
 */
import { countryPrefix, listCountries } from "../phone/international-rates.ts";
import { type Decimal, decimal } from "./decimal.ts";

export interface PriceRow {
  /** A country's calling code, or more digits: a network's numbers there. */
  prefix: string;
  /** Country and network code (ITU-T E.212): for numbers that are known to be there; undefined for all. */
  network?: string | undefined;
  /** A day at home, "2026-06-01". */
  validFrom: string;
  /** Fragments used in the month so far, from which on it holds. */
  fromFragments: number;
  /** Of one fragment: "0.041". */
  price: string;
  /** A network's name, for people. */
  label: string;
}

interface Step {
  validFrom: string;
  fromFragments: number;
  price: Decimal;
}

/** By beginning and network: the latest day first, then the highest volume. */
export interface PriceList {
  readonly steps: ReadonlyMap<string, readonly Step[]>;
  readonly digitsMax: number;
}

export interface PriceQuestion {
  digits: string;
  /** Where the number is known to be. */
  network?: string | undefined;
  day: string;
  /** Fragments that were used this month before this text. */
  used: number;
}

export function priceList(rows: readonly PriceRow[]): PriceList {
  const steps = new Map<string, Step[]>();
  for (const { prefix, network, validFrom, fromFragments, price } of rows) {
    const step = { validFrom, fromFragments, price: decimal(price) };
    const key = keyOf(prefix, network);
    steps.set(key, [...(steps.get(key) ?? []), step]);
  }
  for (const ofPlace of steps.values()) ofPlace.sort(latestThenHighest);
  return { steps, digitsMax: Math.max(0, ...rows.map(({ prefix }) => prefix.length)) };
}

function keyOf(prefix: string, network: string | undefined): string {
  return network === undefined ? prefix : `${prefix} ${network}`;
}

function latestThenHighest(a: Step, b: Step): number {
  if (a.validFrom !== b.validFrom) return a.validFrom < b.validFrom ? 1 : -1;
  return b.fromFragments - a.fromFragments;
}

/** Undefined: the house rate holds. */
export function listedPrice(list: PriceList, question: PriceQuestion): Decimal | undefined {
  const ofNetwork = question.network === undefined ? undefined : longestListed(list, question);
  return ofNetwork ?? longestListed(list, { ...question, network: undefined });
}

function longestListed(list: PriceList, { digits, network, day, used }: PriceQuestion): Decimal | undefined {
  for (let length = Math.min(list.digitsMax, digits.length); length > 0; length -= 1) {
    const price = priceAmong(list.steps.get(keyOf(digits.slice(0, length), network)) ?? [], { day, used });
    if (price) return price;
  }
  return undefined;
}

/** Prices of an earlier day hold no longer once a later day has any, whatever volume they ask for. */
function priceAmong(steps: readonly Step[], { day, used }: Pick<PriceQuestion, "day" | "used">): Decimal | undefined {
  const latest = steps.find(({ validFrom }) => validFrom <= day)?.validFrom;
  return steps.find(({ validFrom, fromFragments }) => validFrom === latest && fromFragments <= used)?.price;
}

/** Whether anything depends on how much was used, so that it has to be known. */
export function asksForVolume(list: PriceList): boolean {
  return [...list.steps.values()].some((steps) => steps.some(({ fromFragments }) => fromFragments > 0));
}

/** What a price's beginning names: the country under which its numbers are charged; undefined for none that we send to. */
export function countryOfPrefix(prefix: string): { prefix: string; names: readonly string[] } | undefined {
  const countries = listCountries();
  for (let length = Math.min(4, prefix.length); length > 0; length -= 1) {
    const code = countryPrefix(prefix.slice(0, length), prefix);
    const country = countries.find((one) => one.prefix === code);
    if (country) return country;
  }
  return undefined;
}
