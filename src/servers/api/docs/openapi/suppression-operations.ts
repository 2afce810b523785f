/** The suppression list: what can be asked, and what is answered. */
import { SUPPRESSION_REASONS } from "../../../../core/suppression/suppression-reason.ts";
import { SUPPRESSED_AT_ONCE_MAX } from "../../schema/suppression-requests.ts";
import { moment, whole } from "./answer-schemas.ts";
import { type ErrorExample, jsonBody, olderThan, orNull, pathId, ref, responses } from "./parts.ts";
import type { Paths, Schema } from "./types.ts";

const REASON: Schema = { type: "string", enum: SUPPRESSION_REASONS };
const SOURCES = ["user", "import", "api-key", "receipt", "complaint", "unsubscribe-link", "inbound-text"];

const recipient = {
  phone_number: { type: "string", description: "This or `email_address`." },
  email_address: { type: "string" },
} satisfies Record<string, Schema>;

const entry: Schema = {
  type: "object",
  additionalProperties: false,
  properties: { ...recipient, reason: { ...REASON, description: "`by-hand` if left out." } },
};

const many: Schema = {
  type: "object",
  additionalProperties: false,
  required: ["suppressions"],
  properties: {
    suppressions: {
      type: "array",
      description: `Up to ${SUPPRESSED_AT_ONCE_MAX}. All are added, or none.`,
      items: ref("NewSuppression"),
    },
  },
};

const suppression = whole({
  id: { type: "string", format: "uuid", description: "By which you release it." },
  channel: { type: "string", enum: ["sms", "email"] },
  phone_number: orNull("string"),
  email_address: orNull("string"),
  reason: REASON,
  source: { type: "string", enum: SOURCES, description: "By whom or what it was made." },
  created_at: moment("When it was made."),
  uri: { type: "string", format: "uri" },
});

const links = {
  type: "object",
  required: ["current"],
  properties: { current: { type: "string", format: "uri" }, next: { type: "string", format: "uri" } },
} satisfies Schema;

export const suppressionSchemas = {
  NewSuppression: entry,
  NewSuppressions: many,
  SuppressionCheck: { type: "object", additionalProperties: false, properties: recipient } satisfies Schema,
  Suppression: suppression,
  SuppressionsAdded: whole({
    added: { type: "integer", description: "How many were not there before." },
    suppressions: { type: "array", items: ref("Suppression") },
  }),
  Suppressions: whole({ suppressions: { type: "array", items: ref("Suppression") }, links }),
  SuppressionChecked: whole({
    is_suppressed: { type: "boolean" },
    suppression: { anyOf: [ref("Suppression"), { type: "null" }] },
  }),
};

const NOT_FOR_TEST_KEYS: ErrorExample = [403, "BadRequestError", "Cannot use the suppression list with a test api key"];
const NO_RECIPIENT: ErrorExample = [400, "ValidationError", "phone_number or email_address is a required property"];
const NOT_THERE: readonly ErrorExample[] = [
  [400, "ValidationError", "id is not a valid UUID"],
  [404, "NoResultFound", "No result found"],
  NOT_FOR_TEST_KEYS,
];
const TOO_OFTEN: ErrorExample = [
  429,
  "RateLimitError",
  "Exceeded rate limit for key type LIVE of 3000 requests per 60 seconds",
];
const kept = (description: string) => ({
  description,
  content: jsonBody({ anyOf: [ref("Suppression"), ref("SuppressionsAdded")] }),
});

export const suppressionOperations: Paths = {
  "/v2/suppressions": {
    post: {
      operationId: "addSuppressions",
      summary: "Suppress recipients",
      description: "Sends them nothing more. Adding somebody who is on the list changes nothing and is no error.",
      tags: ["Suppress"],
      requestBody: {
        required: true,
        content: jsonBody(
          { anyOf: [ref("NewSuppression"), ref("NewSuppressions")] },
          { phone_number: "07700 900123", reason: "asked-to-stop" },
        ),
      },
      responses: responses({ "200": kept("All were there already."), "201": kept("Added.") }, [
        NO_RECIPIENT,
        [400, "ValidationError", "suppressions 1: email_address Not a valid email address"],
        NOT_FOR_TEST_KEYS,
        TOO_OFTEN,
      ]),
    },
    get: {
      operationId: "listSuppressions",
      summary: "List suppressed recipients",
      description: "Newest first, up to 250 at a time.",
      tags: ["Suppress"],
      parameters: [
        {
          name: "channel",
          in: "query",
          description: "Only these.",
          schema: { type: "string", enum: ["sms", "email"] },
        },
        olderThan("an entry"),
      ],
      responses: responses({ "200": { description: "A page.", content: jsonBody(ref("Suppressions")) } }, [
        [400, "ValidationError", "channel fax is not one of [sms, email]"],
        NOT_FOR_TEST_KEYS,
      ]),
    },
  },
  "/v2/suppressions/check": {
    post: {
      operationId: "checkSuppressed",
      summary: "Check a recipient",
      description: "Whether somebody is on the list. Asked by a body, so that no recipient stands in an address.",
      tags: ["Suppress"],
      requestBody: {
        required: true,
        content: jsonBody(ref("SuppressionCheck"), { phone_number: "07700 900123" }),
      },
      responses: responses({ "200": { description: "The answer.", content: jsonBody(ref("SuppressionChecked")) } }, [
        NO_RECIPIENT,
        NOT_FOR_TEST_KEYS,
        TOO_OFTEN,
      ]),
    },
  },
  "/v2/suppressions/{id}": {
    get: {
      operationId: "getSuppression",
      summary: "Get an entry",
      description: "One entry of the list.",
      tags: ["Suppress"],
      parameters: [pathId("The entry's id.")],
      responses: responses({ "200": { description: "The entry.", content: jsonBody(ref("Suppression")) } }, NOT_THERE),
    },
    delete: {
      operationId: "releaseSuppression",
      summary: "Release a recipient",
      description: "Whoever it is may be sent to again.",
      tags: ["Suppress"],
      parameters: [pathId("The entry's id.")],
      responses: responses({ "204": { description: "Released." } }, [...NOT_THERE, TOO_OFTEN]),
    },
  },
};
