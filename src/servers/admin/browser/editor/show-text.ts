/** Shows the text on the phone, and what it costs. */
import { decimal, decimalText, times } from "../../../../core/price/decimal.ts";
import type { TextCalculation } from "../../../../core/sms/calculate-text.ts";
import type { Text } from "../../catalogue/text.ts";
import type { EditorSettings } from "../../templates/editor-settings.ts";
import type { Example } from "../../templates/preview/examples.ts";
import { explainCalculation } from "../../templates/preview/explain-calculation.ts";
import { previewText } from "../../templates/preview/preview-text.ts";
import { nodesOf } from "./pieces.ts";

/** As fine as every price is kept, and finer. */
const DECIMALS_MAX = 8;

interface Written {
  settings: EditorSettings;
  body: string;
  examples: readonly Example[];
  text: Text;
}

export function showText({ settings, body, examples, text }: Written): void {
  const { pieces, calculation } = previewText(body, examples, settings.style);
  const priceOf = pricesOf(settings, calculation);
  document.querySelector("[data-phone-text]")?.replaceChildren(...nodesOf(pieces));
  const words = explainCalculation(calculation, priceOf(homeUnit()), text);
  say("#calculator-cost", words.cost);
  list("#calculator-facts", words.facts);
  list("#calculator-notes", words.notes);
  showOffers(calculation, words.offers);
  for (const cell of document.querySelectorAll<HTMLElement>("[data-unit-price]"))
    cell.textContent = priceOf(cell.dataset["unitPrice"] ?? "0");
}

function homeUnit(): string {
  return document.querySelector<HTMLElement>("[data-home-price]")?.dataset["homePrice"] ?? "0";
}

/** A decimal as text is formatted without passing through a floating-point number (ECMA-402 since 2023). */
function pricesOf({ locale, currency }: EditorSettings, { fragments }: TextCalculation): (unit: string) => string {
  const money = new Intl.NumberFormat(locale, {
    style: "currency",
    currency,
    maximumFractionDigits: DECIMALS_MAX,
  });
  return (unit) => money.format(decimalText(times(decimal(unit), fragments)) as unknown as number);
}

/** Only when it is new: screen readers say it. */
function say(selector: string, words: string): void {
  const place = document.querySelector(selector);
  if (place && place.textContent !== words) place.textContent = words;
}

function list(selector: string, lines: readonly string[]): void {
  const items = lines.map((words) => {
    const item = document.createElement("li");
    item.textContent = words;
    return item;
  });
  document.querySelector(selector)?.replaceChildren(...items);
}

function showOffers({ offered }: TextCalculation, offers: readonly { from: string; words: string }[]): void {
  const place = document.querySelector<HTMLElement>("#calculator-offers");
  if (!place) return;
  const buttons = offers.map(({ from, words }, index) => button(from, words, offered[index]?.to));
  const all = offers.length > 1 ? [button("all", place.dataset["all"] ?? "")] : [];
  place.replaceChildren(...buttons, ...all);
}

function button(value: string, words: string, to?: string): HTMLButtonElement {
  const made = document.createElement("button");
  made.className = "pp-offer";
  made.name = "replace";
  made.value = value;
  made.textContent = words;
  if (to !== undefined) made.dataset["to"] = to;
  return made;
}
