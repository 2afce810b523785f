/** What a file may say of chat messages. */
import { CHAT_APPS } from "../../core/chat/chat-app.ts";
import { parsePrice } from "../../flow/money/change-prices.ts";
import { listOf, object, oneOf, optional, orNone, parsed, type Read, recordOf, text } from "./read.ts";

/** The template that WhatsApp has approved, its values in the order of its own. */
export const WHATSAPP_TEMPLATE = optional(
  orNone(object({ name: text, language: text, values: optional(listOf(text)) })),
);

const price = parsed(parsePrice, 'must be a price in quotes, such as "0.05"');

/** Pounds for one message, by app. */
export const CHAT_PRICES: Read<Record<string, string>> = (place) => {
  const prices = recordOf(price)(place);
  for (const app of Object.keys(prices)) oneOf(CHAT_APPS)({ ...place, value: app, path: [...place.path, app] });
  return prices;
};
