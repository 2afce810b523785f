/** Sending, and taking back. */
import { type ErrorExample, EXAMPLE_TEMPLATE_ID, jsonBody, pathId, ref, responses } from "./parts.ts";
import type { Parameter, Paths } from "./types.ts";

export const IDEMPOTENCY_KEY: Parameter = {
  name: "Idempotency-Key",
  in: "header",
  description:
    "Makes it safe to send the request again: with the same key and the same body you get the first answer again, for 24 hours. 1 to 255 visible characters, such as a random UUID.",
  schema: { type: "string", maxLength: 255 },
};

/** Of requests that send. */
export function limits(type: "sms" | "email" | "letter" | "chat", perDay: number): ErrorExample[] {
  return [
    [413, "BodyTooLargeError", "Request bodies cannot be larger than 5242880 bytes"],
    [429, "RateLimitError", "Exceeded rate limit for key type LIVE of 3000 requests per 60 seconds"],
    [429, "TooManyRequestsError", `Exceeded send limits (${type}: ${perDay}) for today`],
  ];
}

const TEMPLATE_REFUSALS: readonly ErrorExample[] = [
  [400, "BadRequestError", "Invalid JSON supplied in POST data"],
  [400, "ValidationError", "template_id is not a valid UUID"],
  [400, "BadRequestError", "Template not found"],
  [400, "BadRequestError", "Template has been deleted"],
  [400, "BadRequestError", "Missing personalisation: name"],
];

const KEY_REFUSALS: readonly ErrorExample[] = [
  [400, "BadRequestError", "Idempotency-Key must be 1 to 255 visible ASCII characters"],
  [409, "IdempotencyKeyError", "This Idempotency-Key has been used with a different request"],
];

export const SEND_REFUSALS: readonly ErrorExample[] = [
  ...TEMPLATE_REFUSALS,
  [400, "BadRequestError", "Can’t send to this recipient using a team-only API key"],
  ...KEY_REFUSALS,
  [
    400,
    "BadRequestError",
    "Can’t send to this number: the recipient has asked your service to stop. Release it from your suppression list before you send to it again",
  ],
];

export const sendOperations: Paths = {
  "/v2/notifications/sms": {
    post: {
      operationId: "sendSms",
      summary: "Send a text message",
      description: "The answer comes when the message is safely stored. It says what the message will say.",
      tags: ["Send"],
      parameters: [IDEMPOTENCY_KEY],
      requestBody: {
        required: true,
        content: jsonBody(ref("SmsRequest"), {
          phone_number: "07700 900123",
          template_id: EXAMPLE_TEMPLATE_ID,
          personalisation: { name: "Ada" },
        }),
      },
      responses: responses({ "201": { description: "Accepted.", content: jsonBody(ref("SmsAccepted")) } }, [
        ...SEND_REFUSALS,
        [400, "ValidationError", "phone_number Not enough digits"],
        [400, "BadRequestError", "Cannot send to international mobile numbers"],
        [400, "InvalidPhoneError", "Not a UK mobile number"],
        [
          400,
          "BadRequestError",
          "Your message is too long. Text messages cannot be longer than 918 characters. Your message is 919 characters long.",
        ],
        [
          400,
          "BadRequestError",
          "The same text was sent to this number 20 times in the last hour: your service allows no more",
        ],
        [
          400,
          "BadRequestError",
          "The recipient has quiet hours until 2026-06-02T07:00:00.000Z, when the text is no longer valid",
        ],
        ...limits("sms", 250_000),
      ]),
    },
  },
  "/v2/notifications/email": {
    post: {
      operationId: "sendEmail",
      summary: "Send an email",
      description: "The answer comes when the email is safely stored. It says what the email will say.",
      tags: ["Send"],
      parameters: [IDEMPOTENCY_KEY],
      requestBody: {
        required: true,
        content: jsonBody(ref("EmailRequest"), {
          email_address: "ada@example.org",
          template_id: EXAMPLE_TEMPLATE_ID,
          personalisation: { name: "Ada" },
        }),
      },
      responses: responses({ "201": { description: "Accepted.", content: jsonBody(ref("EmailAccepted")) } }, [
        ...SEND_REFUSALS,
        [400, "ValidationError", "email_address Not a valid email address"],
        [
          400,
          "BadRequestError",
          "Send files by email has not been set up - add contact details for your service at https://…/services/…/service-settings/send-files-by-email",
        ],
        [400, "BadRequestError", "Unsupported file type '.exe'. Supported types are: '.csv', '.doc', …"],
        [400, "BadRequestError", "Uploaded file exceeds file size limit"],
        [400, "BadRequestError", "File did not pass the virus scan"],
        ...limits("email", 250_000),
      ]),
    },
  },
  "/v2/notifications/letter": {
    post: {
      operationId: "sendLetter",
      summary: "Send a letter",
      description:
        "A letter from a template, or one that comes as a PDF, which is scanned and checked before it is printed. Printed at the day's run.",
      tags: ["Send"],
      parameters: [IDEMPOTENCY_KEY],
      requestBody: {
        required: true,
        content: jsonBody(
          { anyOf: [ref("LetterRequest"), ref("PrecompiledLetterRequest")] },
          {
            template_id: EXAMPLE_TEMPLATE_ID,
            personalisation: {
              address_line_1: "Ada Lovelace",
              address_line_2: "1 High Street",
              address_line_3: "SW1A 1AA",
              name: "Ada",
            },
          },
        ),
      },
      responses: responses(
        {
          "201": {
            description: "Accepted.",
            content: jsonBody({ anyOf: [ref("LetterAccepted"), ref("PrecompiledLetterAccepted")] }),
          },
        },
        [
          ...TEMPLATE_REFUSALS,
          [400, "ValidationError", "Address must be at least 3 lines"],
          [400, "ValidationError", "Must be a real UK postcode"],
          [400, "ValidationError", "Cannot create a usable QR code - the link is too long"],
          [403, "BadRequestError", "Cannot send letters when service is in trial mode"],
          [400, "BadRequestError", "Cannot decode letter content (invalid base64 encoding)"],
          [403, "BadRequestError", "Cannot send letters with a team api key"],
          ...KEY_REFUSALS,
          ...limits("letter", 20_000),
        ],
      ),
    },
  },
  "/v2/notifications/{id}/cancellation": {
    post: {
      operationId: "cancelNotification",
      summary: "Cancel a scheduled notification",
      description:
        "Takes back what was scheduled for later and has not begun to be sent. Doing it again changes nothing.",
      tags: ["Send"],
      parameters: [pathId("The notification's id.")],
      responses: responses(
        { "201": { description: "Cancelled. The notification as it is now.", content: jsonBody(ref("Notification")) } },
        [
          [400, "ValidationError", "notification_id is not a valid UUID"],
          [400, "BadRequestError", "Notification was not scheduled for later"],
          [400, "BadRequestError", "Notification cannot be cancelled: it is already being sent"],
          [404, "NoResultFound", "No result found"],
        ],
      ),
    },
  },
};
