/** What letters cost, by postage, sheets of paper and date. The rates are in pounds. */
import type { Postage } from "../letter/postage.ts";
import { type Decimal, decimal } from "./decimal.ts";
import { atHome, type HomeMoney } from "./home-money.ts";

interface LetterRate {
  readonly fromMs: number;
  readonly postages: readonly Postage[];
  /** For one sheet, for two, and so on. */
  readonly pounds: readonly Decimal[];
}

const INTERNATIONAL: readonly Postage[] = ["europe", "rest-of-world"];

/** Newest first. */
const RATES: readonly LetterRate[] = [
  rate("2026-05-02T23:00:00Z", INTERNATIONAL, "1.80 1.84 1.88 1.92 1.96"),
  rate("2026-04-06T23:00:00Z", ["first"], "1.56 1.61 1.66 1.71 1.76"),
  rate("2026-01-05T00:00:00Z", ["economy"], "0.64 0.69 0.73 0.78 0.82"),
  rate("2026-01-05T00:00:00Z", ["second"], "0.73 0.77 0.82 0.87 0.91"),
  rate("2026-01-05T00:00:00Z", INTERNATIONAL, "1.72 1.77 1.82 1.85 1.90"),
  rate("2025-03-31T23:00:00Z", ["economy"], "0.59 0.64 0.68 0.73 0.78"),
  rate("2025-03-31T23:00:00Z", ["second"], "0.68 0.72 0.77 0.82 0.86"),
  rate("2025-03-31T23:00:00Z", ["first"], "1.49 1.53 1.57 1.63 1.67"),
];

const DAY_MS = 24 * 60 * 60 * 1000;

function rate(from: string, postages: readonly Postage[], pounds: string): LetterRate {
  return { fromMs: Date.parse(from), postages, pounds: pounds.split(" ").map(decimal) };
}

export interface PostedLetter {
  postage: Postage;
  sheets: number;
}

/**
 * In the home's currency: the rate in force when the UTC day of a moment began; the first rate for days before there was one. Letters have
 * one to five sheets: anything else throws.
 */
export function letterRateOn(moment: Date, { postage, sheets }: PostedLetter, home: HomeMoney): Decimal {
  const startOfDayMs = Math.floor(moment.getTime() / DAY_MS) * DAY_MS;
  const ofPostage = RATES.filter(({ postages }) => postages.includes(postage));
  const inForce = ofPostage.find(({ fromMs }) => fromMs <= startOfDayMs) ?? ofPostage.at(-1);
  const pounds = inForce?.pounds[sheets - 1];
  if (!pounds) throw new Error(`there is no rate for a letter of ${sheets} sheets`);
  return atHome(pounds, home);
}
