/** GET /v2/balance: what the organisation of the caller's service has left, for those who pay from a balance. */
import { decimal, toJsonNumber } from "../../../core/price/decimal.ts";
import { getBalance as getKept } from "../../../flow/money/balance.ts";
import { type Answer, jsonWithMoney } from "../http/answer.ts";
import type { Call } from "../http/call.ts";

export async function getBalance({ api, service }: Call): Promise<Answer> {
  const { available, held, creditLimit, lowAt } = await getKept(api.intake, service.organisationId);
  const { currency } = await api.intake.prices.home();
  const amount = (text: string) => toJsonNumber(decimal(text));
  return jsonWithMoney(200, {
    currency,
    available: amount(available),
    held: amount(held),
    credit_limit: amount(creditLimit),
    low_balance_at: lowAt === undefined ? null : amount(lowAt),
  });
}
