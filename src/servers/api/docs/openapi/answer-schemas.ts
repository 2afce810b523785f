/** The bodies that answers can have. */
import { EXAMPLE_ID, orNull, ref } from "./parts.ts";
import type { Schema } from "./types.ts";

const ID: Schema = { type: "string", format: "uuid", examples: [EXAMPLE_ID] };
const TEXT: Schema = { type: "string" };
const NULL: Schema = { type: "null" };

export function moment(description: string): Schema {
  return { type: "string", format: "date-time", description, examples: ["2026-06-01T10:30:00.000000Z"] };
}

export function momentOrNull(description: string): Schema {
  return { ...moment(description), type: ["string", "null"] };
}

/** An object that always has all of its fields. */
export function whole(properties: Readonly<Record<string, Schema>>, description?: string): Schema {
  return { type: "object", ...(description ? { description } : {}), required: Object.keys(properties), properties };
}

const usedTemplate = whole(
  { id: ID, version: { type: "integer" }, uri: { type: "string", format: "uri" } },
  "The template, in the version that was used.",
);

/** What was accepted, with its content, which differs by channel. */
export function accepted(content: Schema, more: Readonly<Record<string, Schema>> = {}): Schema {
  return whole({
    id: { ...ID, description: "The notification's id, by which you can ask about it." },
    reference: orNull("string", { description: "The reference you gave." }),
    content,
    uri: { type: "string", format: "uri", description: "Where to ask about it." },
    template: usedTemplate,
    scheduled_for: momentOrNull("When it will be sent, if that is later."),
    ...more,
  });
}

const smsAccepted = accepted(
  whole({
    body: { type: "string", description: "The text, with your values." },
    from_number: { type: "string", description: "Whom it comes from." },
  }),
);

const emailAccepted = accepted(
  whole({
    subject: TEXT,
    body: { type: "string", description: "The body with your values, its formatting as typed." },
    from_email: { type: "string", description: "The address it comes from." },
    one_click_unsubscribe_url: orNull("string"),
  }),
  {
    sanitised_content: {
      type: "object",
      description: "The values that were made harmless, as they were and as they are.",
      additionalProperties: whole({ unsanitised: TEXT, sanitised: TEXT }),
    },
  },
);

const letterAccepted = accepted(
  whole({
    subject: TEXT,
    body: { type: "string", description: "The body with your values, its formatting as typed." },
  }),
);

const suppliedLetterAccepted = whole({
  id: { ...ID, description: "The notification's id, by which you can ask about it." },
  reference: { type: "string", description: "The reference you gave." },
  postage: { type: "string", enum: ["first", "second", "economy"] },
});

const cost: Readonly<Record<string, Schema>> = {
  is_cost_data_ready: { type: "boolean", description: "Whether the cost is known yet." },
  cost_in_pounds: orNull("number", {
    description:
      "Before free allowances, and with a decimal point. Null where the installation charges in another currency: see `cost`.",
  }),
  cost_details: {
    type: "object",
    description: "How the cost of a text or a letter comes about; empty for emails.",
    properties: {
      billable_sms_fragments: { type: "integer" },
      international_rate_multiplier: { type: "number" },
      sms_rate: { type: "number" },
      billable_sheets_of_paper: { type: "integer" },
      postage: { type: "string" },
    },
  },
  cost: orNull("number", { description: "The same in `currency`; null until it is known." }),
  currency: { type: "string", description: "What the installation charges in (ISO 4217)." },
};

const ADDRESS_LINES = ["line_1", "line_2", "line_3", "line_4", "line_5", "line_6", "postcode"];

const notification = whole({
  id: ID,
  reference: orNull("string"),
  email_address: orNull("string", { description: "The recipient of an email, as you gave it." }),
  phone_number: orNull("string", { description: "The recipient of a text, as you gave it." }),
  ...Object.fromEntries(ADDRESS_LINES.map((line) => [line, NULL])),
  type: { type: "string", enum: ["sms", "email", "letter", "chat"] },
  status: {
    type: "string",
    description:
      "`created` (we have it), `sending` (a provider has it), `sent` (abroad, where networks do not report), `delivered`, `pending` (the network keeps trying), `permanent-failure` (no such recipient), `temporary-failure` (could not be reached), `technical-failure` (we could not send it), `cancelled`.",
    enum: [
      ...["created", "sending", "sent", "delivered", "pending", "cancelled"],
      ...["permanent-failure", "temporary-failure", "technical-failure"],
    ],
  },
  template: usedTemplate,
  body: TEXT,
  subject: orNull("string"),
  created_at: moment("When we accepted it."),
  created_by_name: orNull("string", { description: "Who sent it, if it was not sent with a key." }),
  sent_at: momentOrNull("When a provider took it."),
  completed_at: momentOrNull("When nothing more was to happen to it."),
  scheduled_for: momentOrNull("When it was to be sent, if that was later."),
  postage: NULL,
  one_click_unsubscribe_url: orNull("string"),
  ...cost,
});

const links: Schema = {
  type: "object",
  required: ["current"],
  properties: {
    current: { type: "string", format: "uri", description: "This page." },
    next: { type: "string", format: "uri", description: "What is older. Left out when the page is empty." },
  },
};

const template = whole({
  id: ID,
  name: TEXT,
  type: { type: "string", enum: ["sms", "email", "letter", "chat"] },
  created_at: moment("When it was first made."),
  updated_at: momentOrNull("When it was last changed."),
  version: { type: "integer" },
  created_by: { type: "string", description: "The email address of who made this version." },
  body: TEXT,
  subject: orNull("string"),
  personalisation: {
    type: "object",
    description: "The placeholders to give values for.",
    additionalProperties: whole({ required: { type: "boolean" } }),
  },
  postage: orNull("string"),
  letter_contact_block: orNull("string"),
});

const preview = whole({
  id: ID,
  type: { type: "string", enum: ["sms", "email", "chat"] },
  version: { type: "integer" },
  body: TEXT,
  html: orNull("string", { description: "An email's body as HTML: its words alone, without the service's logo." }),
  subject: orNull("string"),
  postage: orNull("string"),
});

const KEYWORD: Schema = {
  ...TEXT,
  description: "By which it was told apart from others on its number, where one was.",
};
const toldReceivedText = whole({
  id: ID,
  created_at: moment("When we received it."),
  service_id: ID,
  notify_number: { type: "string", description: "Your service's number." },
  user_number: { type: "string", description: "Who wrote." },
  content: TEXT,
});
const receivedText: Schema = {
  ...toldReceivedText,
  properties: { ...toldReceivedText.properties, keyword: KEYWORD },
};

const errors = whole({
  status_code: { type: "integer", description: "The same as the status of the answer." },
  errors: {
    type: "array",
    items: whole({
      error: { type: "string", description: "What sort of error: go by this in programs." },
      message: { type: "string", description: "For people. It may change." },
    }),
  },
});

export const answerSchemas = {
  SmsAccepted: smsAccepted,
  EmailAccepted: emailAccepted,
  LetterAccepted: letterAccepted,
  PrecompiledLetterAccepted: suppliedLetterAccepted,
  Notification: notification,
  Notifications: whole({ notifications: { type: "array", items: ref("Notification") }, links }),
  Template: template,
  Templates: whole({ templates: { type: "array", items: ref("Template") } }),
  Preview: preview,
  ReceivedTexts: whole({ received_text_messages: { type: "array", items: receivedText }, links }),
  ContentCheck: whole({ is_same: { type: "boolean", description: "Whether these are the words." } }),
  Errors: errors,
  PlainError: whole({ result: { type: "string", enum: ["error"] }, message: TEXT }),
};
