/** What one fragment of a text costs at home, in pounds, by date. Financial years begin at midnight in London, hence the odd hours. */
import { type Decimal, decimal } from "./decimal.ts";

interface SmsRate {
  fromMs: number;
  poundsPerFragment: Decimal;
}

const FIRST_RATE: SmsRate = { fromMs: Date.parse("2025-03-31T23:00:00Z"), poundsPerFragment: decimal("0.0233") };

/** Newest first. */
const RATES: readonly SmsRate[] = [
  { fromMs: Date.parse("2026-03-31T23:00:00Z"), poundsPerFragment: decimal("0.024") },
  FIRST_RATE,
];

const DAY_MS = 24 * 60 * 60 * 1000;

/** The rate in force when the UTC day of a moment began; the first rate for days before there was one. */
export function smsRateOn(moment: Date): Decimal {
  const startOfDayMs = Math.floor(moment.getTime() / DAY_MS) * DAY_MS;
  const rate = RATES.find(({ fromMs }) => fromMs <= startOfDayMs) ?? FIRST_RATE;
  return rate.poundsPerFragment;
}
