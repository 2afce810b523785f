/** `/platform/prices/rates`: what other currencies are in the installation's own, and which providers lack one. */
import { dayOf } from "../../../core/calendar/home-day.ts";
import type { ExchangeRate } from "../../../core/price/exchange-rates.ts";
import { listUnrated, type UnratedProvider } from "../../../flow/money/carrier-charges.ts";
import { removeExchangeRate, saveExchangeRate } from "../../../flow/money/change-exchange-rates.ts";
import { listExchangeRates } from "../../../records/prices/exchange-rate-store.ts";
import { actorOf } from "../http/actor.ts";
import { type Answer, redirect } from "../http/answer.ts";
import { type Form, formOf, readFields, submit } from "../http/form.ts";
import { page } from "../http/page.ts";
import { type Route, route } from "../http/route.ts";
import type { UserVisit } from "../http/visit.ts";
import { type CurrencyItem, currencyItems } from "./home-currency.ts";

const RATES = "/platform/prices/rates";
const FIELDS = ["currency", "validFrom", "rate"] as const;
type Field = (typeof FIELDS)[number];
const NONE_CHOSEN: CurrencyItem = { value: "", text: "" };

interface RatesPage {
  form: Form<Field>;
  rates: readonly (ExchangeRate & { holds: boolean })[];
  unrated: readonly UnratedProvider[];
  currencies: readonly CurrencyItem[];
}

const showRates = page<RatesPage>("platform/exchange-rates.njk");

export const exchangeRateRoutes: readonly Route[] = [
  route({ method: "GET", url: RATES, who: "platform-admin", handler: openRates }),
  route({ method: "POST", url: RATES, who: "platform-admin", handler: save }),
  route({ method: "POST", url: `${RATES}/removals`, who: "platform-admin", handler: remove }),
];

/** Where a provider lacks a rate, its currency is the one that is asked for. */
async function openRates(visit: UserVisit): Promise<Answer> {
  const today = dayOf(visit.now);
  const [unrated] = await listUnrated(visit.app.db, today);
  return show(visit, formOf<Field>({ currency: unrated?.currency ?? "", validFrom: today, rate: "" }));
}

async function show(visit: UserVisit, form: Form<Field>): Promise<Answer> {
  const { app, now, formats } = visit;
  const today = dayOf(now);
  const [rates, unrated] = await Promise.all([listExchangeRates(app.db), listUnrated(app.db, today)]);
  return showRates(visit, {
    form,
    rates: rates.map((rate) => ({ ...rate, holds: isInForce(rate, rates, today) })),
    unrated,
    currencies: [NONE_CHOSEN, ...currencyItems().filter(({ value }) => value !== formats.currency)],
  });
}

/** Whether its day has come, and no later one's of its currency has. The latest stands first. */
function isInForce({ currency, validFrom }: ExchangeRate, rates: readonly ExchangeRate[], today: string): boolean {
  return rates.find((rate) => rate.currency === currency && rate.validFrom <= today)?.validFrom === validFrom;
}

function save(visit: UserVisit): Promise<Answer> {
  const values = readFields(visit, FIELDS);
  return submit({
    values,
    refusedAt: "currency",
    act: async () => {
      const rate = visit.formats.amountIn(values.rate);
      await saveExchangeRate(visit.app, actorOf(visit), { ...values, rate });
      return redirect(RATES, { flash: visit.text("platformPrices.rateSaved") });
    },
    showAgain: (form) => show(visit, form),
  });
}

async function remove(visit: UserVisit): Promise<Answer> {
  const { currency, validFrom } = readFields(visit, ["currency", "validFrom"]);
  await removeExchangeRate(visit.app, actorOf(visit), { currency, validFrom });
  return redirect(RATES, { flash: visit.text("platformPrices.rateRemoved") });
}
