/** POST /v2/price-estimates: what texts would cost, and how many would arrive. It counts towards the rate limit, and towards nothing else. */
import { parseJsonBody } from "../../../core/json/parse-json-body.ts";
import { toJsonNumber } from "../../../core/price/decimal.ts";
import type { Forecast } from "../../../core/quality/forecast.ts";
import { Refusal } from "../../../core/refusal.ts";
import { estimatePrices, type RecipientEstimate } from "../../../flow/money/estimate-prices.ts";
import { type Answer, jsonWithMoney } from "../http/answer.ts";
import type { Call } from "../http/call.ts";
import { getValid } from "../http/errors.ts";
import { INVALID_JSON, readBody } from "../http/read-body.ts";
import { checkEstimateRequest } from "../schema/estimate-requests.ts";

export async function postPriceEstimate({ api, request, service, key }: Call): Promise<Answer> {
  const { intake } = api;
  await intake.rateLimit.take(service, key.kind);
  const body = parseJsonBody(await readBody(request.raw));
  if (body === undefined) throw new Refusal("bad-request", INVALID_JSON);
  const estimate = await estimatePrices(intake, { service, ...getValid(checkEstimateRequest(body)) });
  const { currency } = await intake.prices.home();
  return jsonWithMoney(200, {
    currency,
    total: toJsonNumber(estimate.total),
    messages: estimate.recipients.length - estimate.invalid - estimate.suppressed,
    parts: estimate.parts,
    invalid: estimate.invalid,
    suppressed: estimate.suppressed,
    forecast: presentForecast(estimate.forecast),
    recipients: estimate.recipients.map(presentRecipient),
  });
}

function presentForecast({ asked, nobodysNumber, switchedOff, roaming, expected }: Forecast) {
  return {
    delivered: expected?.delivered ?? null,
    cost_of_undelivered: expected?.costOfLost ?? null,
    networks_asked: asked,
    no_such_number: nobodysNumber,
    switched_off: switchedOff,
    roaming,
  };
}

function presentRecipient(one: RecipientEstimate) {
  const { phoneNumber } = one;
  if (one.kind !== "priced") return { phone_number: phoneNumber, is_valid: false, error: one.problem };
  return {
    phone_number: phoneNumber,
    is_valid: true,
    parts: one.parts,
    country_prefix: one.countryPrefix,
    unit_price: toJsonNumber(one.unitPrice),
    cost: toJsonNumber(one.cost),
    ...(one.network ? { network_status: one.network.status, is_roaming: one.network.isRoaming ?? null } : {}),
  };
}
