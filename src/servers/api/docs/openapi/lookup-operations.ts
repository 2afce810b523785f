/** Numbers looked up: what can be asked, and what is answered. */
import { NETWORK_STATUSES } from "../../../../core/phone/network-facts.ts";
import { NUMBERS_LOOKED_UP_MAX } from "../../../../flow/number-lookups/look-up-numbers.ts";
import { momentOrNull, whole } from "./answer-schemas.ts";
import { jsonBody, orNull, ref, responses } from "./parts.ts";
import type { Paths, Schema } from "./types.ts";

const lookup = whole({
  phone_number: { type: "string", description: "As you gave it." },
  is_valid: { type: "boolean", description: "Whether a text can be sent there at all." },
  reason: orNull("string", {
    description: "Why not: `too-short`, `too-long`, `unknown-character`, `unsupported-country` or `invalid`.",
  }),
  message: orNull("string", { description: "The same in words." }),
  number: orNull("string", { description: "In international form (E.164)." }),
  type: orNull("string", {
    description:
      "`mobile`, `landline`, `mobile-or-landline` where a country's numbers do not tell, or `personal-number`.",
  }),
  country: orNull("string", { description: "ISO 3166-1, such as `GB`." }),
  country_name: orNull("string"),
  country_prefix: orNull("string", { description: "Under which a text there is charged." }),
  is_international: orNull("boolean"),
  rate_multiplier: orNull("integer", { description: "How many home fragments one fragment there costs." }),
  status: {
    type: "string",
    enum: NETWORK_STATUSES,
    description:
      "`ON`, `OFF` (switched off or out of reach), `INVALID` (nobody has it) or `UNKNOWN`, as it is where no network was asked or none has answered.",
  },
  is_roaming: orNull("boolean", { description: "Whether the phone is in another network's care, abroad mostly." }),
  is_ported: orNull("boolean"),
  current_network: orNull("string", { description: "Country and network code (MCC and MNC), such as `23415`." }),
  original_network: orNull("string"),
  ported_network: orNull("string"),
  roaming_network: orNull("string"),
  looked_up_at: momentOrNull("When the network was asked: up to a day ago. Null: it was not, or has not answered."),
});

export const lookupSchemas = {
  NumberLookupRequest: {
    type: "object",
    additionalProperties: false,
    required: ["phone_numbers"],
    properties: {
      phone_numbers: {
        type: "array",
        description: `Up to ${NUMBERS_LOOKED_UP_MAX}, as people write them.`,
        items: { type: "string" },
      },
      source: {
        type: "string",
        enum: ["number-data", "network"],
        description:
          "`number-data` if left out. `network` asks the numbers' networks, where a supplier is set up; that costs money.",
      },
    },
  } satisfies Schema,
  NumberLookup: lookup,
  NumberLookups: whole({ lookups: { type: "array", items: ref("NumberLookup") } }),
};

export const lookupOperations: Paths = {
  "/v2/number-lookups": {
    post: {
      operationId: "lookUpNumbers",
      summary: "Look up numbers",
      description:
        "Whether numbers can be sent to, of which type they are and where they belong: from number data, at no cost, and if you say so from their networks. Nothing is sent. Answers are in the order of the numbers.",
      tags: ["Read"],
      requestBody: {
        required: true,
        content: jsonBody(ref("NumberLookupRequest"), { phone_numbers: ["07700 900123", "+372 5123 4567"] }),
      },
      responses: responses({ "200": { description: "What is known.", content: jsonBody(ref("NumberLookups")) } }, [
        [400, "ValidationError", "phone_numbers is a required property"],
        [400, "ValidationError", `phone_numbers cannot have more than ${NUMBERS_LOOKED_UP_MAX} numbers`],
        [400, "BadRequestError", "Nobody is set up here who asks networks about numbers"],
        [403, "BadRequestError", "Cannot ask networks about numbers with a test api key"],
        [429, "TooManyRequestsError", "Exceeded look-up limits (1000 numbers) for today"],
        [429, "RateLimitError", "Exceeded rate limit for key type LIVE of 3000 requests per 60 seconds"],
      ]),
    },
  },
};
