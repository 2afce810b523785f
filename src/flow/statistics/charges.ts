/** What counted messages amount to, and what they cost: texts by fragment, letters by postage and sheets, chat messages one by one; emails cost nothing. */
import type { Status } from "../../core/delivery/statuses.ts";
import type { Postage } from "../../core/letter/postage.ts";
import { UNPRINTED } from "../../core/price/cost-of.ts";
import { type Decimal, decimal, decimalText, plus, times } from "../../core/price/decimal.ts";
import type { HomeMoney } from "../../core/price/home-money.ts";
import { letterRateOn } from "../../core/price/letter-rates.ts";
import { priceOfFragment } from "../../core/price/text-price.ts";
import type { Tally } from "../../records/statistics/statistics-store.ts";

/** What is charged for, and when: a day, "2026-06-01". */
export type ChargedTally = Pick<
  Tally,
  "channel" | "status" | "rateMultiplier" | "unitPrice" | "postage" | "sheetsEach" | "messages" | "fragments"
> & { at: string };

/** What some messages amount to. */
export interface UsageSums {
  emails: number;
  texts: number;
  fragments: number;
  chats: number;
  /** That are printed, or will be. */
  letters: number;
  /** Of paper, of all letters. */
  sheets: number;
  /** Exact, in decimal notation, in the home's currency. */
  cost: string;
}

export interface RateUsage {
  /** For one fragment, the multiplier of its country included. */
  rate: string;
  multiplier: number;
  fragments: number;
  cost: string;
}

export interface PostageUsage {
  /** Empty for letters that were counted before postage was: what they cost is not known. */
  postage: Postage | "";
  sheetsEach: number;
  /** For one letter. */
  rate: string;
  letters: number;
  cost: string;
}

const NOTHING = decimal("0.0");
const NOON = "T12:00:00Z";
export const NO_USAGE: UsageSums = {
  emails: 0,
  texts: 0,
  fragments: 0,
  chats: 0,
  letters: 0,
  sheets: 0,
  cost: "0.0",
};

/** Test keys cost nothing, nor does what was taken back. */
export function isCharged({ keyKind, status }: Pick<Tally, "keyKind" | "status">): boolean {
  return keyKind !== "test" && status !== "cancelled";
}

/** What messages amount to, whichever month they are of. */
export function usageOf(tallies: readonly ChargedTally[], home: HomeMoney): UsageSums {
  const sum = (numberOf: (tally: ChargedTally) => number) =>
    tallies.reduce((total, tally) => total + numberOf(tally), 0);
  return {
    emails: sum(({ channel, messages }) => (channel === "email" ? messages : 0)),
    texts: sum(({ channel, messages }) => (channel === "sms" ? messages : 0)),
    fragments: sum(chargedFragments),
    chats: sum(({ channel, messages }) => (channel === "chat" ? messages : 0)),
    letters: sum(chargedLetters),
    sheets: sum((tally) => chargedLetters(tally) * tally.sheetsEach),
    cost: decimalText(tallies.map((tally) => costOf(tally, home)).reduce(plus, NOTHING)),
  };
}

/** The same by what they have in common. */
export function usageBy<Some extends ChargedTally>(
  tallies: readonly Some[],
  keyOf: (tally: Some) => string,
  home: HomeMoney,
): Map<string, UsageSums> {
  return new Map([...groupBy(tallies, keyOf)].map(([key, its]) => [key, usageOf(its, home)]));
}

export function groupBy<Some>(tallies: readonly Some[], keyOf: (tally: Some) => string): Map<string, Some[]> {
  const groups = new Map<string, Some[]>();
  for (const tally of tallies) {
    const group = groups.get(keyOf(tally));
    if (group) group.push(tally);
    else groups.set(keyOf(tally), [tally]);
  }
  return groups;
}

/** Some sums together. */
export function addUsage(parts: readonly UsageSums[]): UsageSums {
  const sum = (name: Exclude<keyof UsageSums, "cost">) => parts.reduce((total, part) => total + part[name], 0);
  const cost = decimalText(parts.map((part) => decimal(part.cost)).reduce(plus, NOTHING));
  const texts = { texts: sum("texts"), fragments: sum("fragments") };
  return {
    emails: sum("emails"),
    ...texts,
    chats: sum("chats"),
    letters: sum("letters"),
    sheets: sum("sheets"),
    cost,
  };
}

/** Texts by what a fragment of them costs. */
export function textRatesOf(tallies: readonly ChargedTally[], home: HomeMoney): RateUsage[] {
  const rates = new Map<string, { rate: Decimal; multiplier: number; fragments: number }>();
  for (const tally of tallies) {
    const fragments = chargedFragments(tally);
    if (fragments === 0) continue;
    const rate = fragmentRate(tally, home);
    const key = decimalText(rate);
    const known = rates.get(key) ?? { rate, multiplier: tally.rateMultiplier, fragments: 0 };
    rates.set(key, { ...known, fragments: known.fragments + fragments });
  }
  return [...rates].map(([text, { rate, multiplier, fragments }]) => ({
    rate: text,
    multiplier,
    fragments,
    cost: decimalText(times(rate, fragments)),
  }));
}

/** Letters by what one of them costs: the dearest first. */
export function letterRatesOf(tallies: readonly ChargedTally[], home: HomeMoney): PostageUsage[] {
  const rates = new Map<string, { tally: ChargedTally; rate: Decimal; letters: number }>();
  for (const tally of tallies) {
    const letters = chargedLetters(tally);
    if (letters === 0) continue;
    const rate = letterRate(tally, home);
    const key = `${tally.postage} ${tally.sheetsEach} ${decimalText(rate)}`;
    const known = rates.get(key) ?? { tally, rate, letters: 0 };
    rates.set(key, { ...known, letters: known.letters + letters });
  }
  return [...rates.values()]
    .map(({ tally: { postage, sheetsEach }, rate, letters }) => {
      return { postage, sheetsEach, rate: decimalText(rate), letters, cost: decimalText(times(rate, letters)) };
    })
    .sort((a, b) => Number(b.rate) - Number(a.rate) || a.sheetsEach - b.sheetsEach);
}

function costOf(tally: ChargedTally, home: HomeMoney): Decimal {
  switch (tally.channel) {
    case "sms":
      return times(fragmentRate(tally, home), chargedFragments(tally));
    case "letter":
      return times(letterRate(tally, home), chargedLetters(tally));
    case "chat":
      return chatCost(tally);
    case "email":
      return NOTHING;
  }
}

/** At what it cost when it was accepted. Nobody pays for our own failures. */
function chatCost({ status, unitPrice, messages }: ChargedTally): Decimal {
  return unitPrice === "" || status === "technical-failure" ? NOTHING : times(decimal(unitPrice), messages);
}

/** Nobody pays for our own failures. */
function chargedFragments({ channel, status, fragments }: ChargedTally): number {
  return channel === "sms" && status !== "technical-failure" ? fragments : 0;
}

/** Those that are not on paper yet have no sheets, and no price. */
function chargedLetters({ channel, status, postage, sheetsEach, messages }: ChargedTally): number {
  const isToBePrinted = channel === "letter" && !UNPRINTED.includes(status as Status);
  return isToBePrinted && (sheetsEach > 0 || postage === "") ? messages : 0;
}

function fragmentRate({ at, rateMultiplier, unitPrice }: ChargedTally, home: HomeMoney): Decimal {
  const listed = unitPrice === "" ? undefined : decimal(unitPrice);
  return priceOfFragment({ unitPrice: listed, rateMultiplier, createdAt: new Date(`${at}${NOON}`), home });
}

function letterRate({ at, postage, sheetsEach: sheets }: ChargedTally, home: HomeMoney): Decimal {
  return postage === "" || sheets === 0 ? NOTHING : letterRateOn(new Date(`${at}${NOON}`), { postage, sheets }, home);
}
