/** Reaching one person by several steps: what can be asked, and what is answered. */
import {
  REACH_CHANNELS,
  REACH_SECONDS,
  REACH_STATUSES,
  STEPS_MAX,
  UNTILS,
} from "../../../../core/reach/reach-course.ts";
import { moment, momentOrNull, whole } from "./answer-schemas.ts";
import {
  type ErrorExample,
  EXAMPLE_TEMPLATE_ID,
  jsonBody,
  olderThan,
  orNull,
  pathId,
  ref,
  responses,
} from "./parts.ts";
import { IDEMPOTENCY_KEY } from "./send-operations.ts";
import type { Paths, Schema } from "./types.ts";

const id = (description: string): Schema => ({ type: "string", format: "uuid", description });
const STATES = ["waiting", "under-way", "reached", "failed", "passed-over", "not-needed"];

const step: Schema = {
  type: "object",
  additionalProperties: false,
  required: ["channel", "template_id"],
  properties: {
    channel: { type: "string", enum: REACH_CHANNELS },
    template_id: id("A template of this channel."),
    contact_id: id(
      "One of your service's contacts, in the place of a number or an address; for a chat message beside a `recipient` that names `whatsapp` or `viber`.",
    ),
    phone_number: { type: "string", description: "Of a text." },
    sms_sender_id: id("Of a text: one of your service's text senders."),
    email_address: { type: "string", description: "Of an email." },
    recipient: { ...ref("ChatRecipient"), description: "Of a chat message: an app, and who it is there." },
    email_reply_to_id: id("Of an email: one of your service's reply-to addresses."),
    personalisation: {
      type: "object",
      additionalProperties: true,
      description: "Values of this step alone, before those of all. A letter's address is among its values.",
    },
    until: {
      type: "string",
      enum: UNTILS,
      description:
        "What has to happen for this step to have reached the person; `delivered` if left out, and `sent` in an app that never says more. `seen`: the app says that the chat message was seen. `sent`: a provider has taken it. `answered`: somebody wrote back to the text or the chat message. `confirmed`: nothing but your word.",
    },
    wait_seconds: {
      type: "integer",
      minimum: 1,
      maximum: REACH_SECONDS.max,
      description:
        "How long it may take before the next step goes. Left out, the next goes when this one has failed, and not before.",
    },
  },
};

const request: Schema = {
  type: "object",
  additionalProperties: false,
  required: ["steps"],
  properties: {
    steps: { type: "array", maxItems: STEPS_MAX, description: "In their order.", items: ref("ReachStepRequest") },
    reference: {
      type: "string",
      maxLength: 1000,
      description: "Your own name for it; its notifications have it, too.",
    },
    personalisation: {
      type: "object",
      additionalProperties: true,
      description: "Values for the templates of all steps.",
    },
    deadline: {
      anyOf: [
        { type: "integer", minimum: REACH_SECONDS.min, maximum: REACH_SECONDS.max },
        { type: "string", format: "date-time" },
      ],
      description: `When it ends at the latest: so many seconds from now, or a moment within them. ${REACH_SECONDS.default} if left out. Nothing of it is sent after that.`,
    },
    most_cost: {
      anyOf: [{ type: "string" }, { type: "number" }],
      description: "What all of it may cost. A step with which it could cost more is passed over.",
    },
    priority: { type: "string", enum: ["high", "normal", "low"] },
    valid_for_seconds: { type: "integer", minimum: 1, maximum: REACH_SECONDS.max, description: "Of each message." },
    callback_url: {
      type: "string",
      format: "uri",
      description: "Told the result in the place of your service's endpoints.",
    },
  },
};

const stepAnswer = whole({
  step: { type: "integer", description: "From 1 on." },
  channel: { type: "string", enum: REACH_CHANNELS },
  template_id: id("Its template."),
  until: { type: "string", enum: UNTILS },
  wait_seconds: orNull("integer"),
  state: { type: "string", enum: STATES },
  begun_at: momentOrNull("When its turn came."),
  reason: orNull("string", { description: "Why it was passed over: `cost` or `refused`." }),
  message: orNull("string", { description: "The same in words." }),
  cost: orNull("number", { description: "Of its message, as far as is known: at most as much." }),
  notification: {
    description: "Null while there is none.",
    anyOf: [
      whole({ id: id("Its id."), status: orNull("string"), uri: { type: "string", format: "uri" } }),
      { type: "null" },
    ],
  },
});

const reach = whole({
  id: id("By which you ask about it."),
  reference: orNull("string"),
  status: { type: "string", enum: REACH_STATUSES },
  created_at: moment("When it was asked for."),
  deadline: moment("When it ends at the latest."),
  ended_at: momentOrNull("When it ended."),
  reached_step: orNull("integer", { description: "The step that reached the person." }),
  reached_by: orNull("string", { description: "`delivered`, `seen`, `sent`, `answered` or `confirmed`." }),
  reason: orNull("string", { description: "Why nobody was reached: `deadline` or `no-steps-left`." }),
  currency: { type: "string" },
  cost: { type: "number", description: "So far." },
  most_cost: orNull("number"),
  steps: { type: "array", items: ref("ReachStep") },
  uri: { type: "string", format: "uri", description: "Where to ask about it." },
});

const links = {
  type: "object",
  required: ["current"],
  properties: { current: { type: "string", format: "uri" }, next: { type: "string", format: "uri" } },
} satisfies Schema;

export const reachSchemas = {
  ReachRequest: request,
  ReachStepRequest: step,
  Reach: reach,
  ReachStep: stepAnswer,
  Reaches: whole({ reaches: { type: "array", items: ref("Reach") }, links }),
};

const NOT_THERE: readonly ErrorExample[] = [
  [400, "ValidationError", "id is not a valid UUID"],
  [404, "NoResultFound", "No result found"],
];
const kept = (description: string) => ({ description, content: jsonBody(ref("Reach")) });

export const reachOperations: Paths = {
  "/v2/reach": {
    post: {
      operationId: "startReach",
      summary: "Reach somebody",
      description:
        "One person by several steps, each a message of its own: the next goes when the one before has failed or was waited for long enough, and none once the person was reached. Every step is looked at before anything is kept.",
      tags: ["Reach"],
      parameters: [IDEMPOTENCY_KEY],
      requestBody: {
        required: true,
        content: jsonBody(ref("ReachRequest"), {
          personalisation: { name: "Ada" },
          deadline: 28_800,
          most_cost: "0.40",
          steps: [
            { channel: "sms", template_id: EXAMPLE_TEMPLATE_ID, phone_number: "07700 900123", wait_seconds: 600 },
            { channel: "email", template_id: EXAMPLE_TEMPLATE_ID, email_address: "ada@example.org" },
          ],
        }),
      },
      responses: responses({ "201": kept("Its first step is on its way.") }, [
        [400, "ValidationError", "Step 2: email_address is a required property"],
        [400, "BadRequestError", "Step 1: Template not found"],
        [400, "BadRequestError", "Every step costs more than most_cost"],
        [409, "IdempotencyKeyError", "This Idempotency-Key has been used with a different request"],
        [429, "RateLimitError", "Exceeded rate limit for key type LIVE of 3000 requests per 60 seconds"],
      ]),
    },
    get: {
      operationId: "listReaches",
      summary: "List reaches",
      description: "Those asked for with the same kind of key, newest first, up to 50 at a time.",
      tags: ["Reach"],
      parameters: [
        { name: "reference", in: "query", description: "Only those with this reference.", schema: { type: "string" } },
        { name: "status", in: "query", description: "Only these.", schema: { type: "string", enum: REACH_STATUSES } },
        olderThan("a reach"),
      ],
      responses: responses({ "200": { description: "A page.", content: jsonBody(ref("Reaches")) } }, [
        [400, "ValidationError", "older_than is not a valid UUID"],
      ]),
    },
  },
  "/v2/reach/{id}": {
    get: {
      operationId: "getReach",
      summary: "Get a reach",
      description: "How far it is, and what became of each step.",
      tags: ["Reach"],
      parameters: [pathId("The reach's id.")],
      responses: responses({ "200": kept("The reach.") }, NOT_THERE),
    },
  },
  "/v2/reach/{id}/confirmation": {
    post: {
      operationId: "confirmReach",
      summary: "Say that the person was reached",
      description: "Whatever its steps wait for, it has reached its end. What waits to be sent is taken back.",
      tags: ["Reach"],
      parameters: [pathId("The reach's id.")],
      responses: responses({ "200": kept("The reach.") }, [
        [400, "BadRequestError", "Reach cannot be confirmed: it has ended as not-reached"],
        ...NOT_THERE,
      ]),
    },
  },
  "/v2/reach/{id}/cancellation": {
    post: {
      operationId: "cancelReach",
      summary: "Cancel a reach",
      description: "No more steps are taken. What waits to be sent is taken back; what is on its way goes on.",
      tags: ["Reach"],
      parameters: [pathId("The reach's id.")],
      responses: responses({ "200": kept("The reach.") }, [
        [400, "BadRequestError", "Reach cannot be cancelled: it has ended as reached"],
        ...NOT_THERE,
      ]),
    },
  },
};
