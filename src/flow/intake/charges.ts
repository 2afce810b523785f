/** What a text costs when it is accepted: for services that stop at an amount, and for organisations that pay from a balance. */

import { dayOf } from "../../core/calendar/home-day.ts";
import { decimal, decimalText } from "../../core/price/decimal.ts";
import { firstLook } from "../../core/price/hold-ending.ts";
import { moneyWords, wholeMoneyWords } from "../../core/price/money-words.ts";
import { priceOfWholeText } from "../../core/price/text-price.ts";
import { Refusal } from "../../core/refusal.ts";
import type { SpendAddition } from "../../records/limits/spend-total-store.ts";
import type { NewNotification } from "../../records/notifications/notification.ts";
import type { Service } from "../../records/services/service.ts";
import type { Prices } from "../money/prices.ts";
import type { SendRequest } from "./send-request.ts";
import type { Charges, Unpaid } from "./shortfalls.ts";

/** `network` is where the number was lately, as far as that is known. Undefined for emails, where the house rate holds, and for chat messages that cost nothing. */
export async function listedPriceOf(
  prices: Prices,
  { service, recipient }: Pick<SendRequest, "service" | "recipient">,
  network: string | undefined,
): Promise<string | undefined> {
  if (recipient.channel === "chat") return prices.ofChat(recipient.person.app);
  if (recipient.channel !== "sms") return undefined;
  const { digits, rateMultiplier } = recipient.number;
  const listed = await prices.listed(service, { digits, network, rateMultiplier });
  return listed && decimalText(listed);
}

/** Undefined for most: what test keys send costs nothing, and most services neither stop nor have a balance. */
export function chargesOf(
  { service }: Pick<SendRequest, "service">,
  { id, keyKind, channel, createdAt, unitPrice, fragments, rateMultiplier }: NewNotification,
): Charges | undefined {
  const { hasBalance, organisationId, spendLimits } = service;
  const isStopped = spendLimits.day !== undefined || spendLimits.month !== undefined;
  const isCharged = channel === "sms" || (channel === "chat" && unitPrice !== undefined);
  if (!isCharged || keyKind === "test" || !(hasBalance || isStopped)) return undefined;
  const listed = unitPrice === undefined ? undefined : decimal(unitPrice);
  const amount = decimalText(priceOfWholeText({ fragments, rateMultiplier, unitPrice: listed, createdAt }));
  const hold =
    hasBalance && organisationId
      ? { notificationId: id, organisationId, amount, heldAt: createdAt, lookAt: firstLook(createdAt) }
      : undefined;
  return { hold, spends: isStopped ? spendsOf(service, { amount, at: createdAt }) : [] };
}

function spendsOf({ id, spendLimits }: Service, { amount, at }: { amount: string; at: Date }): SpendAddition[] {
  const day = dayOf(at);
  const periods = [
    { period: day, ceiling: spendLimits.day },
    { period: day.slice(0, 7), ceiling: spendLimits.month },
  ];
  return periods.flatMap(({ period, ceiling }) =>
    ceiling === undefined ? [] : [{ serviceId: id, period, amount, ceiling }],
  );
}

const DAY_CHARACTERS = "2026-11-30".length;

/** In words: which amount kept it back. */
export async function unpaidRefusal(prices: Prices, unpaid: Unpaid): Promise<Refusal> {
  const { currency } = await prices.home();
  if ("notCovered" in unpaid) {
    const cost = moneyWords(unpaid.notCovered.amount, currency);
    return new Refusal("not-covered", `Your organisation’s balance does not cover this text, which costs ${cost}`);
  }
  const { ceiling, period } = unpaid.overSpend;
  const limit = wholeMoneyWords(ceiling, currency);
  const when = period.length === DAY_CHARACTERS ? "today" : "this month";
  return new Refusal("limit-reached", `Exceeded the spending limit of your service (${limit}) for ${when}`);
}
