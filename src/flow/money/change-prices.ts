/** The price list as platform administrators write it: checked, kept, and said in the log. */
import { networkCode } from "../../core/phone/network-facts.ts";
import { countryOfPrefix, type PriceRow } from "../../core/price/price-list.ts";
import { Refusal } from "../../core/refusal.ts";
import {
  deletePrice,
  listPrices,
  PRICES_MAX,
  type PriceName,
  putPrice,
} from "../../records/prices/price-list-store.ts";
import { type Actor, recordDeed } from "../actor.ts";
import type { App } from "../app.ts";
import { fieldRefusal, refuseProblems } from "../form-refusal.ts";

type Keeper = Pick<App, "db" | "prices">;

/** As filled in. */
export interface PriceForm {
  prefix: string;
  /** A code, or nothing for all. */
  network: string;
  label: string;
  validFrom: string;
  fromFragments: string;
  price: string;
}

const FRAGMENTS_MAX = 1_000_000_000;
const LABEL_MAX_CHARACTERS = 60;
const DIGITS_MAX = 9;

/** In the place of the one with the same beginning, network, day and volume. Fields: those of the form. */
export async function savePrice({ db, prices }: Keeper, actor: Actor, form: PriceForm): Promise<void> {
  const row = readPrice(form);
  await db.transaction(async (tx) => {
    const all = await listPrices(tx);
    const before = all.find((one) => nameOf(one) === nameOf(row));
    if (!before && all.length >= PRICES_MAX)
      throw fieldRefusal("prefix", "prices-full", `There are ${PRICES_MAX} prices: remove some first`);
    await putPrice(tx, row);
    const deed = { action: "price.saved", subject: subjectOf(row) };
    await recordDeed(tx, actor, { ...deed, ...(before ? { before: { ...before } } : {}), after: { ...row } });
  });
  prices.forget();
}

export async function removePrice({ db, prices }: Keeper, actor: Actor, name: PriceName): Promise<void> {
  if (parseDay(name.validFrom) === undefined || !isVolume(name.fromFragments)) throw noSuchPrice();
  await db.transaction(async (tx) => {
    const removed = await deletePrice(tx, name);
    if (!removed) throw noSuchPrice();
    await recordDeed(tx, actor, { action: "price.removed", subject: subjectOf(name), before: { ...removed } });
  });
  prices.forget();
}

function noSuchPrice(): Refusal {
  return new Refusal("not-found", "There is no such price");
}

function nameOf({ prefix, network = "", validFrom, fromFragments }: PriceName): string {
  return `${prefix} ${network} ${validFrom} ${fromFragments}`;
}

function subjectOf({ prefix, network }: PriceName): string {
  return network === undefined ? `price ${prefix}` : `price ${prefix} ${network}`;
}

function readPrice(form: PriceForm): PriceRow {
  const prefix = parsePricePrefix(form.prefix);
  const validFrom = parseDay(form.validFrom);
  const fromFragments = parseVolume(form.fromFragments);
  const price = parsePrice(form.price);
  const label = form.label.trim();
  const network = form.network.replaceAll(/[\s-]/g, "");
  const wrong = (field: string, message: string) => ({ field, problem: `price-${field}-wrong`, message });
  refuseProblems([
    ...(prefix === undefined
      ? [wrong("prefix", "Enter a country’s calling code, or the first digits of a network’s numbers")]
      : []),
    ...(network !== "" && networkCode(network) === undefined
      ? [
          wrong(
            "network",
            "Enter a country code and a network code of 5 or 6 digits together, such as 24801, or nothing",
          ),
        ]
      : []),
    ...(label.length > LABEL_MAX_CHARACTERS ? [wrong("label", `Use ${LABEL_MAX_CHARACTERS} characters or fewer`)] : []),
    ...(validFrom === undefined ? [wrong("validFrom", "Enter a date, such as 2026-06-01")] : []),
    ...(fromFragments === undefined ? [wrong("fromFragments", "Enter a whole number of fragments, or nothing")] : []),
    ...(price === undefined ? [wrong("price", "Enter a price with up to 6 decimals, such as 0.031")] : []),
  ]);
  return {
    prefix: prefix ?? "",
    network: networkCode(network),
    validFrom: validFrom ?? "",
    fromFragments: fromFragments ?? 0,
    price: price ?? "",
    label,
  };
}

/** Digits of a number in full; the first must be of a country that we send to. */
export function parsePricePrefix(typed: string): string | undefined {
  const digits = typed.trim().replace(/^\+/, "").replaceAll(" ", "");
  const isRight = /^[1-9]\d*$/.test(digits) && digits.length <= DIGITS_MAX && countryOfPrefix(digits) !== undefined;
  return isRight ? digits : undefined;
}

/** A day there is: "2026-06-01". */
export function parseDay(typed: string): string | undefined {
  const day = typed.trim();
  if (!/^20\d{2}-\d{2}-\d{2}$/.test(day)) return undefined;
  const moment = new Date(`${day}T00:00:00Z`);
  return !Number.isNaN(moment.getTime()) && moment.toISOString().startsWith(day) ? day : undefined;
}

function parseVolume(typed: string): number | undefined {
  const digits = typed.trim().replaceAll(",", "") || "0";
  return /^\d{1,10}$/.test(digits) && isVolume(Number(digits)) ? Number(digits) : undefined;
}

function isVolume(fragments: number): boolean {
  return Number.isInteger(fragments) && fragments >= 0 && fragments <= FRAGMENTS_MAX;
}

/** As the database writes it.  "0.0310" → "0.031" */
export function parsePrice(typed: string): string | undefined {
  const match = /^(\d{1,5}(?:\.\d{1,6})?)$/.exec(typed.trim());
  const [whole = "", fraction = ""] = (match?.[1] ?? "").split(".");
  if (whole === "") return undefined;
  const digits = fraction.replace(/0+$/, "");
  return `${Number(whole)}${digits === "" ? "" : `.${digits}`}`;
}
