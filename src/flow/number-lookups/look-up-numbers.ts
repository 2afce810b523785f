/** What is known of numbers, from number data: no network is asked, and nothing is kept. */
import { countryName } from "../../core/phone/country-name.ts";
import { type NumberType, numberFacts } from "../../core/phone/number-facts.ts";
import type { PhoneProblem } from "../../core/phone/parse-phone-number.ts";
import { phoneProblemMessage } from "../../core/phone/phone-problem-message.ts";

export const NUMBERS_LOOKED_UP_MAX = 100;

export type LookedUp =
  | {
      isValid: true;
      asSubmitted: string;
      /** E.164 without the plus. */
      digits: string;
      type: NumberType;
      country: { code: string; name: string } | undefined;
      /** Under which a text there is charged, and how many home fragments it costs. */
      countryPrefix: string;
      rateMultiplier: number;
      isInternational: boolean;
    }
  | { isValid: false; asSubmitted: string; reason: PhoneProblem; message: string };

/** In the order in which they were asked for. */
export function lookUpNumbers(texts: readonly string[]): LookedUp[] {
  return texts.map(lookUp);
}

function lookUp(text: string): LookedUp {
  const facts = numberFacts(text);
  if (typeof facts === "string")
    return { isValid: false, asSubmitted: text, reason: facts, message: phoneProblemMessage(facts) };
  const { number, type, country } = facts;
  const { digits, asSubmitted, countryPrefix, rateMultiplier, international: isInternational } = number;
  return {
    isValid: true,
    ...{ asSubmitted, digits, type, countryPrefix, rateMultiplier, isInternational },
    country: country === undefined ? undefined : { code: country, name: countryName(country) },
  };
}
