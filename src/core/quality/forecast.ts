/**
 * How many of some texts will arrive, before any is sent: those that networks have called nobody's number do not, and of the rest as many
 * as of the texts that went to the same country lately. A share of few is no share: below a hundred the texts to all countries count.
 */
import type { NetworkStatus } from "../phone/network-facts.ts";
import type { Indicators } from "./indicators.ts";

/** Fewer that have ended say little: with a hundred the share is known to about six in a hundred. */
const ENDED_MIN = 100;

export interface ForecastText {
  countryPrefix: string;
  /** In the installation's currency. */
  cost: number;
  /** What its network said of the number lately; undefined where none was asked. */
  status: NetworkStatus | undefined;
  isRoaming: boolean;
}

export type EndedTexts = Pick<Indicators, "ended" | "delivered">;

export interface Forecast {
  /** About whose numbers networks were asked lately. */
  asked: number;
  nobodysNumber: number;
  switchedOff: number;
  roaming: number;
  /** Undefined while there is nothing to tell it from. */
  expected: { delivered: number; costOfLost: number } | undefined;
}

/** `lately` is what became of texts, by country prefix, and of all together. */
export function forecast(
  texts: readonly ForecastText[],
  lately: { byCountry: ReadonlyMap<string, EndedTexts>; total: EndedTexts },
): Forecast {
  const chances = texts.map((text) => chanceOf(text, lately));
  const count = (is: (text: ForecastText) => boolean): number => texts.filter(is).length;
  return {
    asked: count(({ status }) => status !== undefined),
    nobodysNumber: count(({ status }) => status === "INVALID"),
    switchedOff: count(({ status }) => status === "OFF"),
    roaming: count(({ isRoaming }) => isRoaming),
    expected: chances.every((chance) => chance !== undefined) ? expectedOf(texts, chances) : undefined,
  };
}

function chanceOf(
  { countryPrefix, status }: ForecastText,
  { byCountry, total }: Parameters<typeof forecast>[1],
): number | undefined {
  if (status === "INVALID") return 0;
  const country = byCountry.get(countryPrefix);
  const told = country && country.ended >= ENDED_MIN ? country : total;
  return told.ended >= ENDED_MIN ? told.delivered / told.ended : undefined;
}

function expectedOf(texts: readonly ForecastText[], chances: readonly number[]) {
  const delivered = chances.reduce((sum, chance) => sum + chance, 0);
  const costOfLost = texts.reduce((sum, { cost }, index) => sum + cost * (1 - (chances[index] ?? 0)), 0);
  return { delivered: Math.round(delivered), costOfLost: Math.round(costOfLost * 100) / 100 };
}
