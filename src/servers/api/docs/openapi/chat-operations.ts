/** Sending in chat apps, and by web push. */
import { CHAT_APPS, chatAppFacts } from "../../../../core/chat/chat-app.ts";
import { accepted, whole } from "./answer-schemas.ts";
import { EXAMPLE_TEMPLATE_ID, jsonBody, ref, responses } from "./parts.ts";
import { CONTACT_ID, OPTIONS, PERSONALISATION, REFERENCE, TEMPLATE_ID } from "./request-schemas.ts";
import { IDEMPOTENCY_KEY, limits, SEND_REFUSALS } from "./send-operations.ts";
import type { Paths, Schema } from "./types.ts";

/** Apps as requests name them: whether Viber is told a number or an id of its own says the rest. */
const APPS = CHAT_APPS.filter((app) => app !== "viber-business");
const text = (description: string): Schema => ({ type: "string", description });

function inApp(app: string, properties: Readonly<Record<string, Schema>>): Schema {
  const fields = { app: { type: "string", enum: [app] }, ...properties } satisfies Record<string, Schema>;
  return { type: "object", additionalProperties: false, required: Object.keys(fields), properties: fields };
}

const number = text("A telephone number, at home or abroad.");

const recipient: Schema = {
  description: `Who, and in which app. The longest message has ${APPS.map((app) => {
    const { name, charactersMax, bytesMax } = chatAppFacts(app);
    return `${charactersMax.toLocaleString("en-GB")} ${bytesMax ? "bytes" : "characters"} (${name})`;
  }).join(", ")}.`,
  anyOf: [
    inApp("whatsapp", { phone_number: number }),
    inApp("telegram", { chat_id: text("The chat that somebody has begun with your bot.") }),
    inApp("viber", { user_id: text("Viber’s id of somebody who has written to your bot.") }),
    inApp("viber", { phone_number: number }),
    inApp("whatsapp", {}),
    inApp("viber", {}),
    inApp("web-push", {
      subscription: {
        type: "object",
        description: "As `pushManager.subscribe` of a browser gives it (RFC 8291).",
        required: ["endpoint", "keys"],
        properties: {
          endpoint: { type: "string", format: "uri" },
          keys: whole({ p256dh: { type: "string" }, auth: { type: "string" } }),
        },
      },
    }),
  ],
};

export const chatSchemas = {
  ChatRecipient: recipient,
  ChatRequest: {
    type: "object",
    additionalProperties: false,
    required: ["template_id", "recipient"],
    properties: {
      recipient: {
        ...ref("ChatRecipient"),
        description: "Who, and in which app. Beside `contact_id` nothing but the app, `whatsapp` or `viber`.",
      },
      contact_id: CONTACT_ID,
      template_id: TEMPLATE_ID,
      personalisation: PERSONALISATION,
      reference: REFERENCE,
      ...OPTIONS,
    },
  } satisfies Schema,
  ChatAccepted: accepted(
    whole({
      body: text("The message, with your values."),
      app: { type: "string", enum: APPS, description: "The app it goes by." },
    }),
  ),
};

export const chatOperations: Paths = {
  "/v2/notifications/chat": {
    post: {
      operationId: "sendChat",
      summary: "Send a chat message",
      description:
        "By WhatsApp, Telegram, Viber or web push, as far as this installation is connected to them and your service may. The answer comes when the message is safely stored.",
      tags: ["Send"],
      parameters: [IDEMPOTENCY_KEY],
      requestBody: {
        required: true,
        content: jsonBody(ref("ChatRequest"), {
          recipient: { app: "whatsapp", phone_number: "07700 900123" },
          template_id: EXAMPLE_TEMPLATE_ID,
          personalisation: { name: "Ada" },
        }),
      },
      responses: responses({ "201": { description: "Accepted.", content: jsonBody(ref("ChatAccepted")) } }, [
        ...SEND_REFUSALS,
        ...limits("chat", 250_000),
      ]),
    },
  },
};
