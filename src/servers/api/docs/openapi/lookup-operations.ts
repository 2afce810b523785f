/** Numbers looked up: what can be asked, and what is answered. */
import { NUMBERS_LOOKED_UP_MAX } from "../../../../flow/number-lookups/look-up-numbers.ts";
import { whole } from "./answer-schemas.ts";
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
        "Whether numbers can be sent to, of which type they are and where they belong, from number data: no network is asked, nothing is sent or kept, and it costs nothing. Answers are in the order of the numbers.",
      tags: ["Read"],
      requestBody: {
        required: true,
        content: jsonBody(ref("NumberLookupRequest"), { phone_numbers: ["07700 900123", "+372 5123 4567"] }),
      },
      responses: responses({ "200": { description: "What is known.", content: jsonBody(ref("NumberLookups")) } }, [
        [400, "ValidationError", "phone_numbers is a required property"],
        [400, "ValidationError", `phone_numbers cannot have more than ${NUMBERS_LOOKED_UP_MAX} numbers`],
        [429, "RateLimitError", "Exceeded rate limit for key type LIVE of 3000 requests per 60 seconds"],
      ]),
    },
  },
};
