/** `/platform/prices`: what texts and chat messages are charged at, and what providers charge for them. */

import { dayOf } from "../../../core/calendar/home-day.ts";
import { CHAT_APPS, type ChatApp, chatAppName } from "../../../core/chat/chat-app.ts";
import { countryOfPrefix, type PriceRow } from "../../../core/price/price-list.ts";
import { saveChatPrices } from "../../../flow/money/change-chat-prices.ts";
import { removePrice, savePrice } from "../../../flow/money/change-prices.ts";
import { getChatPrices } from "../../../records/deployment/chat-prices.ts";
import { listPrices } from "../../../records/prices/price-list-store.ts";
import { actorOf } from "../http/actor.ts";
import { type Answer, redirect } from "../http/answer.ts";
import { type Form, formOf, readFields, submit } from "../http/form.ts";
import { page } from "../http/page.ts";
import { type Route, route } from "../http/route.ts";
import type { UserVisit } from "../http/visit.ts";

const PRICES = "/platform/prices";
const FIELDS = ["prefix", "network", "label", "validFrom", "fromFragments", "price"] as const;
type Field = (typeof FIELDS)[number];

/** `network` is empty for all. */
type ShownPrice = PriceRow & { network: string; place: string; holds: boolean };

/** Both forms of the page, whose errors stand in one summary. */
type PageField = Field | ChatApp;

const showPrices = page<{
  form: Form<PageField>;
  prices: readonly ShownPrice[];
  apps: readonly { app: ChatApp; name: string }[];
}>("platform/prices.njk");

export const platformPriceRoutes: readonly Route[] = [
  route({ method: "GET", url: PRICES, who: "platform-admin", handler: openPrices }),
  route({ method: "POST", url: PRICES, who: "platform-admin", handler: save }),
  route({ method: "POST", url: `${PRICES}/removals`, who: "platform-admin", handler: remove }),
  route({ method: "POST", url: `${PRICES}/chats`, who: "platform-admin", handler: saveChats }),
];

async function openPrices(visit: UserVisit): Promise<Answer> {
  return show(visit, formOf({ ...emptyPrice(visit), ...(await chatPricesOf(visit)) }));
}

function emptyPrice(visit: UserVisit): Record<Field, string> {
  return { prefix: "", network: "", label: "", validFrom: dayOf(visit.now), fromFragments: "", price: "" };
}

async function chatPricesOf({ app: { db } }: UserVisit): Promise<Record<ChatApp, string>> {
  const prices = await getChatPrices(db);
  return Object.fromEntries(CHAT_APPS.map((app) => [app, prices[app] ?? ""])) as Record<ChatApp, string>;
}

async function show(visit: UserVisit, form: Form<PageField>): Promise<Answer> {
  const rows = await listPrices(visit.app.db);
  const today = dayOf(visit.now);
  return showPrices(visit, {
    form,
    prices: rows.map((row) => {
      const { network = "" } = row;
      return { ...row, network, place: placeOf(row), holds: isInForce(row, rows, today) };
    }),
    apps: CHAT_APPS.map((app) => ({ app, name: chatAppName(app) })),
  });
}

function placeOf({ prefix, network = "", label }: Pick<PriceRow, "prefix" | "network" | "label">): string {
  return [countryOfPrefix(prefix)?.names[0] ?? "", label || network].filter((name) => name !== "").join(", ");
}

/** Whether its day has come, and none later of the same beginning and network has. */
function isInForce({ prefix, network, validFrom }: PriceRow, rows: readonly PriceRow[], today: string): boolean {
  const ofPlace = rows.filter((row) => row.prefix === prefix && row.network === network);
  const latest = ofPlace.filter((row) => row.validFrom <= today).map((row) => row.validFrom);
  return latest.toSorted().at(-1) === validFrom;
}

async function save(visit: UserVisit): Promise<Answer> {
  const values = readFields(visit, FIELDS);
  return submit<PageField>({
    values: { ...values, ...(await chatPricesOf(visit)) },
    refusedAt: "prefix",
    act: async () => {
      await savePrice(visit.app, actorOf(visit), { ...values, price: visit.formats.amountIn(values.price) });
      return redirect(PRICES, { flash: visit.text("platformPrices.saved") });
    },
    showAgain: (form) => show(visit, form),
  });
}

function saveChats(visit: UserVisit): Promise<Answer> {
  const values = readFields(visit, CHAT_APPS);
  return submit<PageField>({
    values: { ...emptyPrice(visit), ...values },
    refusedAt: "whatsapp",
    act: async () => {
      const amounts = CHAT_APPS.map((app) => [app, visit.formats.amountIn(values[app])]);
      await saveChatPrices(visit.app, actorOf(visit), Object.fromEntries(amounts) as Record<ChatApp, string>);
      return redirect(PRICES, { flash: visit.text("platformPrices.chatsSaved") });
    },
    showAgain: (form) => show(visit, form),
  });
}

async function remove(visit: UserVisit): Promise<Answer> {
  const { prefix, network, validFrom, fromFragments } = readFields(visit, [
    "prefix",
    "network",
    "validFrom",
    "fromFragments",
  ]);
  const place = { prefix, network: network || undefined };
  await removePrice(visit.app, actorOf(visit), { ...place, validFrom, fromFragments: Number(fromFragments) });
  return redirect(PRICES, { flash: visit.text("platformPrices.removed") });
}
