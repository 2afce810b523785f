/** `/platform/settings/currency`: in which currency this installation charges. */
import { decimalText } from "../../../core/price/decimal.ts";
import { isInPounds, listCurrencies } from "../../../core/price/home-money.ts";
import { changeHomeCurrency } from "../../../flow/money/home-currency.ts";
import { getHomeMoney } from "../../../records/deployment/home-money.ts";
import { actorOf } from "../http/actor.ts";
import { type Answer, redirect } from "../http/answer.ts";
import { type Form, formOf, readFields, submit } from "../http/form.ts";
import { page } from "../http/page.ts";
import { type Route, route } from "../http/route.ts";
import type { UserVisit } from "../http/visit.ts";

const CURRENCY_URL = "/platform/settings/currency";
const FIELDS = ["currency", "pound"] as const;
type Field = (typeof FIELDS)[number];

const showCurrency = page<{ form: Form<Field>; currencies: readonly CurrencyItem[] }>("platform/home-currency.njk");

export const homeCurrencyRoutes: readonly Route[] = [
  route({ method: "GET", url: CURRENCY_URL, who: "platform-admin", handler: ask }),
  route({ method: "POST", url: CURRENCY_URL, who: "platform-admin", handler: save }),
];

async function ask(visit: UserVisit): Promise<Answer> {
  const home = await getHomeMoney(visit.app.db);
  const pound = isInPounds(home) ? "" : decimalText(home.pound);
  return show(visit, formOf<Field>({ currency: home.currency, pound }));
}

function show(visit: UserVisit, form: Form<Field>): Answer {
  return showCurrency(visit, { form, currencies: currencyItems() });
}

export interface CurrencyItem {
  value: string;
  text: string;
}

/** For a list to choose from. */
export function currencyItems(): CurrencyItem[] {
  const names = new Intl.DisplayNames("en-GB", { type: "currency" });
  return listCurrencies().map((value) => ({ value, text: `${value}: ${names.of(value) ?? value}` }));
}

function save(visit: UserVisit): Promise<Answer> {
  const values = readFields(visit, FIELDS);
  return submit({
    values,
    refusedAt: "currency",
    act: async () => {
      await changeHomeCurrency(visit.app, actorOf(visit), values);
      return redirect("/platform/settings", { flash: visit.text("settings.saved") });
    },
    showAgain: (form) => show(visit, form),
  });
}
