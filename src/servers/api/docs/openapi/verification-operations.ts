/** Codes that prove a number or an address: what can be asked, and what is answered. */
import {
  ATTEMPTS,
  CODE_LENGTH,
  CODE_LIFE_SECONDS,
  FALLBACK_AFTER_SECONDS,
} from "../../../../core/verification/code.ts";
import { moment, momentOrNull, whole } from "./answer-schemas.ts";
import { type ErrorExample, jsonBody, orNull, pathId, ref, responses } from "./parts.ts";
import { IDEMPOTENCY_KEY } from "./send-operations.ts";
import type { Paths, Schema } from "./types.ts";

const id = (description: string): Schema => ({ type: "string", format: "uuid", description });
const number = ({ min, max }: { min: number; max: number }, description: string): Schema => {
  return { type: "integer", minimum: min, maximum: max, description };
};

const request: Schema = {
  type: "object",
  additionalProperties: false,
  properties: {
    phone_number: {
      type: "string",
      description: "Whose number it is, is to be proved. This or `email_address`, or both.",
    },
    email_address: {
      type: "string",
      description: "With a number as well, an email with a code follows a text that fails or is not delivered in time.",
    },
    sms_template_id: id("What the text says: a template with `((code))` in it. Words of ours if left out."),
    email_template_id: id("The same for the email."),
    personalisation: {
      type: "object",
      description: "Values for other placeholders of the templates. `((valid for))` has one: `5 minutes`.",
      additionalProperties: true,
    },
    reference: {
      type: "string",
      maxLength: 1000,
      description: "Your own name for it; its notifications have it, too.",
    },
    sms_sender_id: id("One of your service's text senders."),
    email_reply_to_id: id("One of your service's reply-to addresses."),
    code_length: number(CODE_LENGTH, `${CODE_LENGTH.default} if left out.`),
    code_characters: {
      type: "string",
      enum: ["digits", "letters"],
      description:
        "`digits` if left out. Letters are consonants; it does not matter whether they are typed large or small.",
    },
    valid_for_seconds: number(
      CODE_LIFE_SECONDS,
      `How long each code is good. ${CODE_LIFE_SECONDS.default} if left out.`,
    ),
    max_attempts: number(ATTEMPTS, `How many codes may be tried. ${ATTEMPTS.default} if left out.`),
    fallback_after_seconds: number(
      { min: FALLBACK_AFTER_SECONDS.min, max: CODE_LIFE_SECONDS.max },
      `How long a text may take before the email follows it; less than \`valid_for_seconds\`. ${FALLBACK_AFTER_SECONDS.default} if left out.`,
    ),
  },
};

const verification = whole({
  id: id("By which you check its code."),
  reference: orNull("string"),
  status: { type: "string", enum: ["pending", "verified", "expired", "too-many-attempts"] },
  created_at: moment("When the first code was made."),
  expires_at: moment("When the last code is no longer good."),
  verified_at: momentOrNull("When a right code was given."),
  verified_by: orNull("string", { description: "`sms` or `email`: which of them brought the right code." }),
  attempts_left: { type: "integer" },
  resend_after: momentOrNull("When another code may be asked for. Null: none."),
  notifications: {
    type: "array",
    description: "The messages with its codes. What they say is not kept.",
    items: whole({
      id: id("The notification's id."),
      type: { type: "string", enum: ["sms", "email"] },
      created_at: moment("When the code was made."),
      uri: { type: "string", format: "uri" },
    }),
  },
  uri: { type: "string", format: "uri", description: "Where to ask about it." },
});

export const verificationSchemas = {
  VerificationRequest: request,
  CodeCheckRequest: {
    type: "object",
    additionalProperties: false,
    required: ["code"],
    properties: { code: { type: "string", description: "As it was typed: spaces and hyphens do not matter." } },
  } satisfies Schema,
  Verification: verification,
};

const NOT_THERE: readonly ErrorExample[] = [
  [400, "ValidationError", "id is not a valid UUID"],
  [404, "NoResultFound", "No result found"],
];
const TOO_OFTEN: ErrorExample = [
  429,
  "RateLimitError",
  "Exceeded rate limit for key type LIVE of 3000 requests per 60 seconds",
];
const SENDING: readonly ErrorExample[] = [
  [400, "BadRequestError", "Template not found"],
  [400, "BadRequestError", "Can’t send to this recipient using a team-only API key"],
  TOO_OFTEN,
  [429, "RateLimitError", "Too many codes were sent to this recipient: no more than 10 in an hour"],
  [429, "TooManyRequestsError", "Exceeded send limits (sms: 250000) for today"],
];
const ENDED: readonly ErrorExample[] = [
  [400, "VerificationError", "The code has run out: begin another verification"],
  [400, "VerificationError", "Too many codes were wrong: begin another one"],
  [400, "VerificationError", "The code was used before: a code proves something once"],
];
const kept = (description: string) => ({ description, content: jsonBody(ref("Verification")) });

export const verificationOperations: Paths = {
  "/v2/verifications": {
    post: {
      operationId: "startVerification",
      summary: "Send a code",
      description: "Makes a code and sends it. No answer says it, and nobody but its recipient can read it.",
      tags: ["Verify"],
      parameters: [IDEMPOTENCY_KEY],
      requestBody: {
        required: true,
        content: jsonBody(ref("VerificationRequest"), {
          phone_number: "07700 900123",
          email_address: "ada@example.org",
        }),
      },
      responses: responses({ "201": kept("The code is on its way.") }, [
        [400, "ValidationError", "phone_number or email_address is a required property"],
        [400, "BadRequestError", "The template must have the placeholder ((code)) in its message"],
        ...SENDING,
        [409, "IdempotencyKeyError", "This Idempotency-Key has been used with a different request"],
      ]),
    },
  },
  "/v2/verifications/{id}": {
    get: {
      operationId: "getVerification",
      summary: "Get a verification",
      description: "For a week after it began.",
      tags: ["Verify"],
      parameters: [pathId("The verification's id.")],
      responses: responses({ "200": kept("The verification.") }, NOT_THERE),
    },
  },
  "/v2/verifications/{id}/check": {
    post: {
      operationId: "checkCode",
      summary: "Check a code",
      description:
        "200 says that the code is right, once; any other answer says that it is not. A `VerificationError` has a `reason` (`wrong`, `expired`, `too-many-attempts`, `already-used`) and `attempts_left`.",
      tags: ["Verify"],
      parameters: [pathId("The verification's id.")],
      requestBody: { required: true, content: jsonBody(ref("CodeCheckRequest"), { code: "204 613" }) },
      responses: responses({ "200": kept("The code is right.") }, [
        [400, "VerificationError", "The code is wrong: 4 attempts are left"],
        ...ENDED,
        ...NOT_THERE,
        TOO_OFTEN,
      ]),
    },
  },
  "/v2/verifications/{id}/resend": {
    post: {
      operationId: "resendCode",
      summary: "Send another code",
      description:
        "Once, 30 seconds after the first or later, and by the way of the last one. Codes before it stay good for as long as they would have been.",
      tags: ["Verify"],
      parameters: [pathId("The verification's id.")],
      responses: responses({ "201": kept("Another code is on its way.") }, [
        [400, "BadRequestError", "No more codes can be sent for this verification: begin another one"],
        [429, "RateLimitError", "A code was sent a moment ago: another can be sent in 21 seconds"],
        ...ENDED,
        ...NOT_THERE,
        ...SENDING,
      ]),
    },
  },
};
