/** What texts cost and what is left to pay for them: what can be asked, and what is answered. */
import { NETWORK_STATUSES } from "../../../../core/phone/network-facts.ts";
import { RECIPIENTS_MAX } from "../../../../flow/money/estimate-prices.ts";
import { whole } from "./answer-schemas.ts";
import { EXAMPLE_ID, jsonBody, orNull, ref, responses } from "./parts.ts";
import type { Paths, Schema } from "./types.ts";

const amount = (description: string): Schema => ({ type: "number", description });
const currency: Schema = { type: "string", description: "Of all amounts (ISO 4217)." };
const values = (description: string): Schema => ({ type: "object", description, additionalProperties: true });

const request: Schema = {
  type: "object",
  additionalProperties: false,
  required: ["recipients"],
  properties: {
    template_id: { type: "string", format: "uuid", description: "A template for texts. This or `body`." },
    body: { type: "string", description: "The words of a text that has no template." },
    personalisation: values("Values for the template that are the same for all recipients."),
    recipients: {
      type: "array",
      description: "Numbers, or numbers with values of their own.",
      maxItems: RECIPIENTS_MAX,
      items: {
        type: ["string", "object"],
        required: ["phone_number"],
        properties: { phone_number: { type: "string" }, personalisation: values("Before those of all.") },
      },
    },
  },
};

const recipient: Schema = {
  type: "object",
  required: ["phone_number", "is_valid"],
  properties: {
    phone_number: { type: "string", description: "As you gave it." },
    is_valid: { type: "boolean", description: "Whether a text to it would be accepted." },
    error: { type: "string", description: "What is wrong with it. Left out when nothing is." },
    parts: { type: "integer", description: "Parts of the text, each of which is paid for." },
    country_prefix: { type: "string", description: "Under which it is charged." },
    unit_price: amount("Of one part."),
    cost: amount("Of the whole text."),
    network_status: {
      enum: [...NETWORK_STATUSES],
      description: "What its network said, where one was asked within a day.",
    },
    is_roaming: { type: ["boolean", "null"], description: "Beside `network_status`." },
  },
};

export const moneySchemas = {
  PriceEstimateRequest: request,
  PriceEstimate: whole({
    currency,
    total: amount("Of all valid recipients."),
    messages: { type: "integer", description: "Texts that would be accepted." },
    parts: { type: "integer" },
    invalid: { type: "integer", description: "Recipients that something is wrong with." },
    suppressed: { type: "integer", description: "Recipients on your suppression list: no text is accepted for them." },
    forecast: whole({
      delivered: orNull("integer", {
        description:
          "How many would arrive: as many as of your texts of the last 30 days to the same country, and none of those that networks call nobody’s number. Null while fewer than 100 have ended.",
      }),
      cost_of_undelivered: orNull("number", { description: "What those would cost that do not arrive." }),
      networks_asked: { type: "integer", description: "Recipients about whom networks were asked within a day." },
      no_such_number: { type: "integer", description: "Of these, nobody’s number." },
      switched_off: { type: "integer", description: "Of these, switched off or out of reach." },
      roaming: { type: "integer", description: "Of these, abroad." },
    }),
    recipients: { type: "array", items: recipient, description: "In your order." },
  }),
  Balance: whole({
    currency,
    available: amount("What may still be spent, without the credit."),
    held: amount(
      "What texts under way cost: taken off already, and given back for those that no provider is asked to carry.",
    ),
    credit_limit: amount("How far below nothing it may go."),
    low_balance_at: orNull("number", { description: "The organisation’s people are told when less is available." }),
  }),
};

export const moneyOperations: Paths = {
  "/v2/price-estimates": {
    post: {
      operationId: "estimatePrices",
      summary: "See what texts would cost, and how many would arrive",
      description: `For up to ${RECIPIENTS_MAX.toLocaleString("en-GB")} recipients. Nothing is sent or kept.`,
      tags: ["Money"],
      requestBody: {
        required: true,
        content: jsonBody(ref("PriceEstimateRequest"), {
          template_id: EXAMPLE_ID,
          personalisation: { day: "Monday" },
          recipients: ["07700 900123", { phone_number: "+372 5123 4567", personalisation: { day: "Tuesday" } }],
        }),
      },
      responses: responses({ "200": { description: "The price of each.", content: jsonBody(ref("PriceEstimate")) } }, [
        [400, "ValidationError", "template_id or body is a required property, and not both"],
        [400, "ValidationError", `recipients has more than ${RECIPIENTS_MAX} recipients`],
        [400, "BadRequestError", "Template not found"],
        [429, "RateLimitError", "Exceeded rate limit for key type LIVE of 3000 requests per 60 seconds"],
      ]),
    },
  },
  "/v2/balance": {
    get: {
      operationId: "getBalance",
      summary: "See what is left",
      description: "What your service’s organisation has left to pay for texts, where it pays from a balance.",
      tags: ["Money"],
      responses: responses({ "200": { description: "The balance.", content: jsonBody(ref("Balance")) } }, [
        [404, "NoResultFound", "This service’s organisation does not pay from a balance"],
      ]),
    },
  },
};
