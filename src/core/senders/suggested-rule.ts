/** What the table of rates knows of a country's senders, as a rule to begin with: whoever runs the installation knows the latest. */
import { countryRate } from "../phone/international-rates.ts";
import type { CountrySenderRule } from "./choose-text-sender.ts";
import { SENDER_TYPES, type SenderType } from "./sender-type.ts";

/** Undefined where the table asks nothing, or lets nothing through.  suggestedRule("32") → names are not let through */
export function suggestedRule(countryPrefix: string): CountrySenderRule | undefined {
  const rate = countryRate(countryPrefix);
  if (!rate) return undefined;
  const { alphanumericSender, numericSender } = rate;
  const senderTypes = SENDER_TYPES.filter((type: SenderType) => {
    return (type === "alphanumeric" ? alphanumericSender : numericSender) !== "NO";
  });
  const registeredOnly = [alphanumericSender, numericSender].includes("REG");
  const asksNothing = senderTypes.length === SENDER_TYPES.length && !registeredOnly;
  if (asksNothing || senderTypes.length === 0) return undefined;
  return { countryPrefix, senderTypes, registeredOnly, needsSignature: false };
}
