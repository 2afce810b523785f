/** What an alert is about and says, in words. */
import type { AlertKind, AlertRule } from "../../core/alerts/alert-rule.ts";
import { listCountries } from "../../core/phone/international-rates.ts";
import { wholeMoneyWords } from "../../core/price/money-words.ts";
import { findSubjectName } from "../../records/alerts/alert-store.ts";
import type { App } from "../app.ts";

/** A provider, a template (and a country), or an organisation. */
export async function aboutWords({ db }: Pick<App, "db">, subject: string): Promise<string> {
  const [id = "", prefix] = subject.split(" ");
  const name = (await findSubjectName(db, id)) ?? id;
  const country = listCountries().find((one) => one.prefix === prefix)?.names[0];
  return country === undefined ? name : `${name}, ${country}`;
}

/** Amounts in `currency`, the home's. */
export function figureWords({ kind, threshold, windowMinutes }: AlertRule, value: number, currency: string): string {
  const within = `in ${windowMinutes} minutes`;
  const money = (amount: number): string => wholeMoneyWords(Math.round(amount * 100) / 100, currency);
  const round = (figure: number): string => String(Math.round(figure * 10) / 10);
  const words: Readonly<Record<AlertKind, string>> = {
    "failure-share": `${round(value)} percent failed ${within}, which is more than ${round(threshold)}`,
    slowness: `95 percent took up to ${round(value)} seconds ${within}, which is more than ${round(threshold)}`,
    "receipt-silence": `${round(value)} were sent ${within}, and nothing was reported on any`,
    pumping: `${round(value)} times as many as usual were sent ${within}`,
    balance: `${money(value)} is left, which is less than ${money(threshold)}`,
  };
  return words[kind];
}
