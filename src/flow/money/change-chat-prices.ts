/** What one chat message costs, by app, as platform administrators write it. */
import { CHAT_APPS, type ChatApp } from "../../core/chat/chat-app.ts";
import { type ChatPrices, getChatPrices, setChatPrices } from "../../records/deployment/chat-prices.ts";
import { type Actor, recordDeed } from "../actor.ts";
import type { App } from "../app.ts";
import { refuseProblems } from "../form-refusal.ts";
import { parsePrice } from "./change-prices.ts";

/** As filled in; empty: messages by that app cost nothing. Fields: the apps. */
export type ChatPriceForm = Readonly<Record<ChatApp, string>>;

export async function saveChatPrices(
  { db, prices }: Pick<App, "db" | "prices">,
  actor: Actor,
  form: ChatPriceForm,
): Promise<void> {
  const after = readForm(form);
  await db.transaction(async (tx) => {
    const before = await getChatPrices(tx);
    if (CHAT_APPS.every((app) => before[app] === after[app])) return;
    await setChatPrices(tx, after);
    await recordDeed(tx, actor, { action: "price.saved", subject: "chat messages", before, after });
  });
  prices.forget();
}

function readForm(form: ChatPriceForm): ChatPrices {
  const typed = CHAT_APPS.flatMap((app) => (form[app].trim() === "" ? [] : [{ app, price: parsePrice(form[app]) }]));
  refuseProblems(
    typed
      .filter(({ price }) => price === undefined)
      .map(({ app }) => ({
        field: app,
        problem: "price-price-wrong",
        message: "Enter a price with up to 6 decimals, such as 0.031",
      })),
  );
  return Object.fromEntries(typed.map(({ app, price }) => [app, price]));
}
