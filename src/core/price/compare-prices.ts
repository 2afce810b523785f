/** What each provider charges for a country, held against the others and against our own price: for who negotiates with them. */
import { compareDecimals, type Decimal, decimal, decimalText, divided, plus, times } from "./decimal.ts";

export interface Charged {
  provider: string;
  countryPrefix: string;
  /** Of one fragment: "0.031". */
  price: string;
}

export interface ComparedCountry {
  countryPrefix: string;
  /** What services pay here: exact. */
  ours: string;
  /** Of what providers charge, rounded to six decimals. */
  average: string;
  /** The cheapest first. */
  providers: readonly { provider: string; price: string; verdict: "low" | "usual" | "high" }[];
  /** Of the cheapest: ours without what it charges. Below nothing, each text loses money. */
  margin: string;
}

const AVERAGE_DECIMALS = 6;
/** Further from the average than this share is called low, or high. */
const FAR_PERCENT = 20;

/** By country, as they are given. */
export function comparePrices(charged: readonly Charged[], oursOf: (prefix: string) => Decimal): ComparedCountry[] {
  const prefixes = [...new Set(charged.map(({ countryPrefix }) => countryPrefix))];
  return prefixes.map((countryPrefix) => {
    const its = charged.filter((one) => one.countryPrefix === countryPrefix);
    return { countryPrefix, ...compared(its, oursOf(countryPrefix)) };
  });
}

function compared(its: readonly Charged[], ours: Decimal): Omit<ComparedCountry, "countryPrefix"> {
  const sorted = its.toSorted((a, b) => compareDecimals(decimal(a.price), decimal(b.price)));
  const sum = sorted.map(({ price }) => decimal(price)).reduce(plus, decimal("0"));
  const average = divided(sum, sorted.length, AVERAGE_DECIMALS);
  const cheapest = decimal(sorted[0]?.price ?? "0");
  return {
    ours: decimalText(ours),
    average: decimalText(average),
    providers: sorted.map(({ provider, price }) => ({ provider, price, verdict: verdictOf(decimal(price), average) })),
    margin: decimalText(plus(ours, times(cheapest, -1))),
  };
}

function verdictOf(price: Decimal, average: Decimal): "low" | "usual" | "high" {
  const hundredfold = times(price, 100);
  if (compareDecimals(hundredfold, times(average, 100 + FAR_PERCENT)) > 0) return "high";
  return compareDecimals(hundredfold, times(average, 100 - FAR_PERCENT)) < 0 ? "low" : "usual";
}
