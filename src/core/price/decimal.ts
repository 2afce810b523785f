/** Exact decimal arithmetic for money: whole numbers of ten-thousandths and finer, never binary fractions. */
import { type JsonNumber, jsonNumber } from "../json/json-value.ts";

/** `units / 10 ** decimals`: `{ units: 24n, decimals: 3 }` is 0.024. */
export interface Decimal {
  readonly units: bigint;
  readonly decimals: number;
}

const SPELLING = /^(-?)(\d+)(?:\.(\d+))?$/;

/** Reads plain decimal notation; throws on anything else.  decimal("0.024") */
export function decimal(text: string): Decimal {
  const match = SPELLING.exec(text);
  if (match === null) throw new Error(`${JSON.stringify(text)} is not a decimal number`);
  const [, sign = "", whole = "", fraction = ""] = match;
  return { units: BigInt(`${sign}${whole}${fraction}`), decimals: fraction.length };
}

export function times(amount: Decimal, count: number): Decimal {
  return { units: amount.units * BigInt(count), decimals: amount.decimals };
}

/** The exact product. */
export function timesDecimal(a: Decimal, b: Decimal): Decimal {
  return { units: a.units * b.units, decimals: a.decimals + b.decimals };
}

/**
 * With so many decimals at the most; what lies in the middle goes to the even neighbour (IEEE 754 §4.3.1), so that many conversions together
 * are neither too dear nor too cheap.  roundedHalfEven(decimal("0.0000005"), 6) → 0.0, of "0.0000015" → 0.000002
 */
export function roundedHalfEven({ units, decimals }: Decimal, most: number): Decimal {
  if (decimals <= most) return { units, decimals };
  const step = 10n ** BigInt(decimals - most);
  const size = units < 0n ? -units : units;
  const [whole, rest] = [size / step, (size % step) * 2n];
  const isUp = rest > step || (rest === step && whole % 2n === 1n);
  const rounded = isUp ? whole + 1n : whole;
  return { units: units < 0n ? -rounded : rounded, decimals: most };
}

/** The exact sum, with as many decimals as the finer of the two. */
export function plus(a: Decimal, b: Decimal): Decimal {
  const decimals = Math.max(a.decimals, b.decimals);
  const unitsOf = (amount: Decimal): bigint => amount.units * 10n ** BigInt(decimals - amount.decimals);
  return { units: unitsOf(a) + unitsOf(b), decimals };
}

/** Rounded to so many decimals, halves away from nothing: only for what is shown, never for what is charged. */
export function divided(amount: Decimal, by: number, decimals: number): Decimal {
  const scaled = amount.units * 10n ** BigInt(decimals) * 2n;
  const divisor = BigInt(by) * 10n ** BigInt(amount.decimals);
  const half = scaled < 0n ? -divisor : divisor;
  return { units: (scaled + half) / (divisor * 2n), decimals };
}

/** Below nothing, nothing or above: for sorting.  compareDecimals(decimal("0.1"), decimal("0.10")) → 0 */
export function compareDecimals(a: Decimal, b: Decimal): number {
  const { units } = plus(a, { units: -b.units, decimals: b.decimals });
  return units < 0n ? -1 : Number(units > 0n);
}

/** As money is written in JSON: at least one decimal, and none that say nothing.  "3.0", "0.048" */
export function decimalText({ units, decimals }: Decimal): string {
  const digits = String(units < 0n ? -units : units).padStart(decimals + 1, "0");
  const whole = digits.slice(0, digits.length - decimals);
  const fraction = digits.slice(digits.length - decimals).replace(/0+$/, "");
  return `${units < 0n ? "-" : ""}${whole}.${fraction || "0"}`;
}

/** The amount as a number that `writeJson` writes exactly. */
export function toJsonNumber(amount: Decimal): JsonNumber {
  return jsonNumber(decimalText(amount));
}
