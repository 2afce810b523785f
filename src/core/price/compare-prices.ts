/** What each provider charges for a country, held against the others and against our own price: for who negotiates with them. */
import { compareDecimals, type Decimal, decimal, decimalText, divided, plus, times } from "./decimal.ts";

export interface Charged {
  provider: string;
  countryPrefix: string;
  /** Of this network alone. */
  network?: string | undefined;
  /** Of one fragment, in the home's currency: "0.031"; undefined where there is no rate for the provider's. */
  price: string | undefined;
  /** As the provider charges it. */
  own: { amount: string; currency: string };
}

export interface ComparedPlace {
  countryPrefix: string;
  network: string | undefined;
  /** What services pay here: exact. */
  ours: string;
  /** Of what providers charge, rounded to six decimals; undefined where no price can be compared. */
  average: string | undefined;
  /** The cheapest first; those that cannot be compared last. */
  providers: readonly { provider: string; price: string | undefined; own: Charged["own"]; verdict: PriceVerdict }[];
  /** Of the cheapest: ours without what it charges. Below nothing, each text loses money. */
  margin: string | undefined;
}

export type PriceVerdict = "low" | "usual" | "high" | "unrated";
type Rated = Charged & { price: string };

const AVERAGE_DECIMALS = 6;
/** Further from the average than this share is called low, or high. */
const FAR_PERCENT = 20;

type Place = Pick<ComparedPlace, "countryPrefix" | "network">;

/** By country, and by network where a provider has a price of one alone, as they are given. */
export function comparePrices(charged: readonly Charged[], oursOf: (place: Place) => Decimal): ComparedPlace[] {
  const places = new Map(
    charged.map(({ countryPrefix, network }) => [`${countryPrefix} ${network}`, { countryPrefix, network }]),
  );
  return [...places.values()].map((place) => {
    const its = charged.filter((one) => one.countryPrefix === place.countryPrefix && one.network === place.network);
    return { ...place, ...compared(its, oursOf(place)) };
  });
}

function compared(its: readonly Charged[], ours: Decimal): Omit<ComparedPlace, keyof Place> {
  const rated = its.filter((one): one is Rated => one.price !== undefined);
  const sorted = rated.toSorted((a, b) => compareDecimals(decimal(a.price), decimal(b.price)));
  const [cheapest] = sorted;
  const sum = sorted.map(({ price }) => decimal(price)).reduce(plus, decimal("0"));
  const average = cheapest && divided(sum, sorted.length, AVERAGE_DECIMALS);
  const unrated = its.filter(({ price }) => price === undefined);
  return {
    ours: decimalText(ours),
    average: average && decimalText(average),
    providers: [...sorted, ...unrated].map(({ provider, price, own }) => {
      return { provider, price, own, verdict: verdictOf(price, average) };
    }),
    margin: cheapest && decimalText(plus(ours, times(decimal(cheapest.price), -1))),
  };
}

function verdictOf(price: string | undefined, average: Decimal | undefined): PriceVerdict {
  if (price === undefined || average === undefined) return "unrated";
  const hundredfold = times(decimal(price), 100);
  if (compareDecimals(hundredfold, times(average, 100 + FAR_PERCENT)) > 0) return "high";
  return compareDecimals(hundredfold, times(average, 100 - FAR_PERCENT)) < 0 ? "low" : "usual";
}
