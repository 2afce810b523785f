/** POST /v2/number-lookups: what is known of numbers. By a body, so that no number stands in an address. */
import { parseJsonBody } from "../../../core/json/parse-json-body.ts";
import { Refusal } from "../../../core/refusal.ts";
import { askNetworks, type NetworkAnswer } from "../../../flow/number-lookups/ask-networks.ts";
import { type LookedUp, lookUpNumbers } from "../../../flow/number-lookups/look-up-numbers.ts";
import { type Answer, json } from "../http/answer.ts";
import type { Call } from "../http/call.ts";
import { getValid } from "../http/errors.ts";
import { INVALID_JSON, readBody } from "../http/read-body.ts";
import { timestamp } from "../http/timestamp.ts";
import { checkLookupRequest } from "../schema/number-lookup-requests.ts";

type Answers = ReadonlyMap<string, NetworkAnswer>;

export async function postNumberLookups(call: Call): Promise<Answer> {
  await call.api.intake.rateLimit.take(call.service, call.key.kind);
  const body = parseJsonBody(await readBody(call.request.raw));
  if (body === undefined) throw new Refusal("bad-request", INVALID_JSON);
  const { phone_numbers: numbers, source } = getValid(checkLookupRequest(body));
  const looked = lookUpNumbers(numbers);
  const answers: Answers = source === "network" ? await ask(call, looked) : new Map();
  return json(200, { lookups: looked.map((one) => present(one, answers)) });
}

/** Nobody pays for what a test key asks. */
function ask({ api, service, key }: Call, looked: readonly LookedUp[]): Promise<Answers> {
  if (key.kind === "test") throw new Refusal("forbidden", "Cannot ask networks about numbers with a test api key");
  const valid = looked.flatMap((one) => (one.isValid ? [one.digits] : []));
  return askNetworks(api.intake, service, valid);
}

function present(looked: LookedUp, answers: Answers) {
  if (!looked.isValid) {
    const { asSubmitted, reason, message } = looked;
    return {
      phone_number: asSubmitted,
      is_valid: false,
      reason,
      message,
      ...UNKNOWN,
      ...network(undefined, "INVALID"),
    };
  }
  const { asSubmitted, digits, type, country, countryPrefix, rateMultiplier, isInternational } = looked;
  return {
    ...{ phone_number: asSubmitted, is_valid: true, reason: null, message: null, number: `+${digits}`, type },
    country: country?.code ?? null,
    country_name: country?.name ?? null,
    country_prefix: countryPrefix,
    is_international: isInternational,
    rate_multiplier: rateMultiplier,
    ...network(answers.get(digits), "UNKNOWN"),
  };
}

const UNKNOWN = {
  ...{ number: null, type: null, country: null, country_name: null, country_prefix: null },
  ...{ is_international: null, rate_multiplier: null },
};

/** What the network said; all of it null where it was not asked, or had no answer. */
function network(answer: NetworkAnswer | undefined, otherwise: "INVALID" | "UNKNOWN") {
  const { facts, lookedUpAt } = answer ?? {};
  return {
    status: facts?.status ?? otherwise,
    is_roaming: facts?.isRoaming ?? null,
    is_ported: facts?.isPorted ?? null,
    current_network: facts?.currentNetwork ?? null,
    original_network: facts?.originalNetwork ?? null,
    ported_network: facts?.portedNetwork ?? null,
    roaming_network: facts?.roamingNetwork ?? null,
    looked_up_at: timestamp(lookedUpAt),
  };
}
