/** POST /v2/number-lookups: what is known of numbers. By a body, so that no number stands in an address. */
import { parseJsonBody } from "../../../core/json/parse-json-body.ts";
import { Refusal } from "../../../core/refusal.ts";
import { type LookedUp, lookUpNumbers } from "../../../flow/number-lookups/look-up-numbers.ts";
import { type Answer, json } from "../http/answer.ts";
import type { Call } from "../http/call.ts";
import { getValid } from "../http/errors.ts";
import { INVALID_JSON, readBody } from "../http/read-body.ts";
import { checkLookupRequest } from "../schema/number-lookup-requests.ts";

export async function postNumberLookups(call: Call): Promise<Answer> {
  await call.api.intake.rateLimit.take(call.service, call.key.kind);
  const body = parseJsonBody(await readBody(call.request.raw));
  if (body === undefined) throw new Refusal("bad-request", INVALID_JSON);
  const { phone_numbers: numbers } = getValid(checkLookupRequest(body));
  return json(200, { lookups: lookUpNumbers(numbers).map(present) });
}

function present(looked: LookedUp) {
  if (!looked.isValid) {
    const { asSubmitted, reason, message } = looked;
    return { phone_number: asSubmitted, is_valid: false, reason, message, ...UNKNOWN };
  }
  const { asSubmitted, digits, type, country, countryPrefix, rateMultiplier, isInternational } = looked;
  return {
    ...{ phone_number: asSubmitted, is_valid: true, reason: null, message: null, number: `+${digits}`, type },
    country: country?.code ?? null,
    country_name: country?.name ?? null,
    country_prefix: countryPrefix,
    is_international: isInternational,
    rate_multiplier: rateMultiplier,
  };
}

const UNKNOWN = {
  ...{ number: null, type: null, country: null, country_name: null, country_prefix: null },
  ...{ is_international: null, rate_multiplier: null },
};
