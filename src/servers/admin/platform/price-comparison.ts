/** `/platform/prices/comparison`: what providers charge, in their currencies and in ours, beside what services pay. */
import { dayOf } from "../../../core/calendar/home-day.ts";
import { countryRate, listCountries } from "../../../core/phone/international-rates.ts";
import { type Charged, type ComparedPlace, comparePrices } from "../../../core/price/compare-prices.ts";
import { decimalText } from "../../../core/price/decimal.ts";
import { listedPrice, priceList } from "../../../core/price/price-list.ts";
import { priceOfFragment } from "../../../core/price/text-price.ts";
import { readCarrierCharges } from "../../../flow/money/carrier-charges.ts";
import { listPrices } from "../../../records/prices/price-list-store.ts";
import type { Answer } from "../http/answer.ts";
import { page } from "../http/page.ts";
import { type Route, route } from "../http/route.ts";
import type { UserVisit } from "../http/visit.ts";

const COMPARISON = "/platform/prices/comparison";
const HOME_PREFIX = "44";

interface ShownComparison {
  place: string;
  prefix: string;
  ours: string;
  average: string;
  margin: string;
  losesMoney: boolean;
  providers: readonly { provider: string; price: string; isUsual: boolean; words: string }[];
}

const showComparison = page<{ countries: readonly ShownComparison[] }>("platform/price-comparison.njk");

export const priceComparisonRoutes: readonly Route[] = [
  route({ method: "GET", url: COMPARISON, who: "platform-admin", handler: compare }),
];

async function compare(visit: UserVisit): Promise<Answer> {
  const { app, now } = visit;
  const home = await app.prices.home();
  const list = priceList(await listPrices(app.db));
  const oursOf = ({ countryPrefix: digits, network }: Pick<ComparedPlace, "countryPrefix" | "network">) =>
    priceOfFragment({
      unitPrice: listedPrice(list, { digits, network, day: dayOf(now), used: 0 }),
      rateMultiplier: multiplierOf(digits),
      createdAt: now,
      home,
    });
  const names = new Map(listCountries().map(({ prefix, names: all }) => [prefix, all[0] ?? ""]));
  const places = comparePrices(await chargedNow(visit), oursOf);
  const countries = places.map((one) => shown(visit, one, names.get(one.countryPrefix) ?? ""));
  return showComparison(visit, { countries: countries.sort((a, b) => a.place.localeCompare(b.place, "en")) });
}

/** By today's exchange rates. */
async function chargedNow({ app, now }: UserVisit): Promise<Charged[]> {
  const charges = await readCarrierCharges(app.db);
  const prices = charges.on(dayOf(now));
  return charges.rows.map(({ provider, currency, countryPrefix, network, price: amount }) => {
    const atHome = prices.of(provider, { countryPrefix, network })?.atHome;
    return { provider, countryPrefix, network, price: atHome && decimalText(atHome), own: { amount, currency } };
  });
}

function shown({ text, formats }: UserVisit, place: ComparedPlace, country: string): ShownComparison {
  const { countryPrefix, network, average, margin = "" } = place;
  return {
    place: network === undefined ? country : text("platformPrices.onNetwork", { country, network }),
    prefix: countryPrefix,
    ours: formats.money(place.ours),
    average: average === undefined ? "–" : formats.money(average),
    margin: margin === "" ? "–" : formats.money(margin),
    losesMoney: margin.startsWith("-"),
    providers: place.providers.map(({ provider, price, own, verdict }) => ({
      provider,
      price: chargedWords({ formats }, { price, own }),
      isUsual: verdict === "usual",
      words: text(`platformPrices.verdict.${verdict}`),
    })),
  };
}

/** "€0.031 (£0.02666)": in its currency, and at home where that is another. */
function chargedWords({ formats }: Pick<UserVisit, "formats">, { price, own }: Pick<Charged, "price" | "own">): string {
  const amount = formats.moneyIn(own.amount, own.currency);
  return own.currency === formats.currency || price === undefined ? amount : `${amount} (${formats.money(price)})`;
}

/** The table has the islands under the home prefix. */
function multiplierOf(prefix: string): number {
  return prefix === HOME_PREFIX ? 1 : (countryRate(prefix)?.multiplier ?? 1);
}
