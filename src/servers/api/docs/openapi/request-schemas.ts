/** The bodies that requests can have. */
import { EXAMPLE_TEMPLATE_ID, orNull } from "./parts.ts";
import type { Schema } from "./types.ts";

export const PERSONALISATION: Schema = {
  type: "object",
  description:
    "Values for the placeholders of the template, by name. Case, spaces, `_` and `-` do not matter in names. Lists become bullets in emails and sentences in texts; other values become text.",
  additionalProperties: true,
  examples: [{ name: "Ada", appointment: "1 June 2026 at 10:30" }],
};

const WITH_FILES: Schema = {
  ...PERSONALISATION,
  description: `${PERSONALISATION.description} A value may be a file, and its recipient gets a link: \`{"file": "…base64…", "filename": "report.pdf"}\`, with \`confirm_email_before_download\` (\`true\`, or \`false\` for whoever has the link) and \`retention_period\` (\`1 week\` to \`78 weeks\`, 26 if left out).`,
};

const LETTER_PERSONALISATION: Schema = {
  ...PERSONALISATION,
  description:
    "The address, and values for the placeholders of the template. The address is `address_line_1` to `address_line_7`, spelt exactly so: 3 to 7 lines, of which the last is a UK postcode, a BFPO number or, for services that send abroad, a country. `postcode` may stand in for the seventh line.",
  examples: [{ address_line_1: "Ada Lovelace", address_line_2: "1 High Street", address_line_3: "SW1A 1AA" }],
};

export const REFERENCE: Schema = {
  type: "string",
  maxLength: 1000,
  description: "Your own name for this notification, or for several. You can list notifications by it.",
  examples: ["appointment-4711"],
};

export const TEMPLATE_ID: Schema = {
  type: "string",
  format: "uuid",
  description: "The template to send.",
  examples: [EXAMPLE_TEMPLATE_ID],
};

export const CONTACT_ID: Schema = {
  type: "string",
  format: "uuid",
  description:
    "Whom to send to, by one of your contacts. What it has for the template's placeholders need not be given.",
};

/** What sends can ask for beyond Notify's API. */
export const OPTIONS: Readonly<Record<string, Schema>> = {
  scheduled_for: orNull("string", {
    format: "date-time",
    description: "When to send, within the next 24 hours; at once if left out. Until then it can be cancelled.",
    examples: ["2026-06-01T10:30:00Z"],
  }),
  priority: {
    type: "string",
    enum: ["high", "normal", "low"],
    description: "What goes first when much is waiting. `normal` if left out; use `high` for one-time codes.",
  },
  valid_for_seconds: {
    type: "integer",
    minimum: 1,
    maximum: 259_200,
    description: "Do not send it later than this after it was accepted, or after it was scheduled for.",
  },
  undo_seconds: {
    type: "integer",
    minimum: 0,
    maximum: 300,
    description:
      "How long it waits so that it can be cancelled, whatever your service has set; `scheduled_for` of the answer says when it goes. Not with priority `high`.",
  },
  callback_url: {
    type: "string",
    format: "uri",
    description:
      "Where to tell you what became of this notification, instead of your service's own address. Must be https.",
  },
  no_store: {
    enum: [true, false, "hash"],
    description:
      '`true`: nobody but its recipient sees what it says; the words are destroyed once they are handed over. `"hash"`: the same, but a keyed hash of the words stays (`content_hash`), by which we can tell you whether words are the ones that were sent. The template may ask for the same.',
  },
};

const sms: Schema = {
  type: "object",
  additionalProperties: false,
  required: ["template_id"],
  properties: {
    phone_number: {
      type: "string",
      description: "The number to send to, at home or abroad, in any usual spelling. This or `contact_id`.",
      examples: ["07700 900123"],
    },
    contact_id: CONTACT_ID,
    template_id: TEMPLATE_ID,
    personalisation: PERSONALISATION,
    reference: REFERENCE,
    sms_sender_id: {
      type: "string",
      format: "uuid",
      description:
        "One of your service's text senders, or a group of them; its default if left out. Where the recipient's country does not let it through, the text comes from another of your senders that fits.",
    },
    ...OPTIONS,
    flash: { type: "boolean", description: "Show the text at once and do not keep it on the phone." },
  },
};

const email: Schema = {
  type: "object",
  additionalProperties: false,
  required: ["template_id"],
  properties: {
    email_address: {
      type: "string",
      description: "The address to send to. This or `contact_id`.",
      examples: ["ada@example.org"],
    },
    contact_id: CONTACT_ID,
    template_id: TEMPLATE_ID,
    personalisation: WITH_FILES,
    reference: REFERENCE,
    email_reply_to_id: {
      type: "string",
      format: "uuid",
      description: "One of your service's reply-to addresses; its default one if left out.",
    },
    one_click_unsubscribe_url: {
      type: "string",
      format: "uri",
      description: "Where mail programs may unsubscribe the recipient with one click (RFC 8058). Must be https.",
    },
    sanitise_content_for: {
      type: ["array", "null"],
      items: { type: "string" },
      description: "Names of values that come from strangers: links and formatting in them are made harmless.",
    },
    ...OPTIONS,
  },
};

const letter: Schema = {
  type: "object",
  additionalProperties: false,
  required: ["template_id", "personalisation"],
  properties: { template_id: TEMPLATE_ID, personalisation: LETTER_PERSONALISATION, reference: REFERENCE },
};

const precompiledLetter: Schema = {
  type: "object",
  additionalProperties: false,
  required: ["reference", "content"],
  properties: {
    reference: { type: "string", description: "Your own name for this letter." },
    content: { type: "string", format: "byte", description: "The PDF, in base64." },
    postage: { type: "string", enum: ["first", "second", "economy"], description: "`second` if left out." },
  },
};

const preview: Schema = { type: "object", properties: { personalisation: PERSONALISATION } };

const contentCheck: Schema = {
  type: "object",
  additionalProperties: false,
  required: ["body"],
  properties: {
    subject: { type: "string", description: "Of an email." },
    body: { type: "string", description: "As `content.body` of the answer to the send has it." },
  },
};

export const requestSchemas = {
  SmsRequest: sms,
  EmailRequest: email,
  LetterRequest: letter,
  PrecompiledLetterRequest: precompiledLetter,
  PreviewRequest: preview,
  ContentCheckRequest: contentCheck,
};
