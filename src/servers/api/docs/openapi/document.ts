/** The API described for programs, as OpenAPI 3.1. The reference that people read is made from it, so the two cannot differ. */
import { answerSchemas } from "./answer-schemas.ts";
import { chatOperations, chatSchemas } from "./chat-operations.ts";
import { phonebookOperations } from "./contact-operations.ts";
import { contactSchemas } from "./contact-schemas.ts";
import { lookupOperations, lookupSchemas } from "./lookup-operations.ts";
import { moneyOperations, moneySchemas } from "./money-operations.ts";
import { qualityOperations, qualitySchemas } from "./quality-operations.ts";
import { reachOperations, reachSchemas } from "./reach-operations.ts";
import { readOperations } from "./read-operations.ts";
import { requestSchemas } from "./request-schemas.ts";
import { sendOperations } from "./send-operations.ts";
import { statusOperations } from "./status-operations.ts";
import { suppressionOperations, suppressionSchemas } from "./suppression-operations.ts";
import { templateOperations } from "./template-operations.ts";
import type { Document } from "./types.ts";
import { verificationOperations, verificationSchemas } from "./verification-operations.ts";

/** The areas of the reference, in their order. */
const TAGS: Document["tags"] = [
  { name: "Send", description: "Send a message from a template." },
  { name: "Read", description: "Ask what became of messages, and what the public wrote." },
  { name: "Verify", description: "Prove that a number or an address is somebody's, by a code that we send there." },
  { name: "Reach", description: "Reach one person by several steps, and be told one result." },
  { name: "Suppress", description: "Say whom not to send to, and ask who that is." },
  { name: "Contacts", description: "Keep the people you write to, what they said yes to, and groups of them." },
  { name: "Money", description: "See what texts cost before they are sent, and what is left to pay for them." },
  { name: "Templates", description: "Read templates, and see how one would look." },
  { name: "Status", description: "Ask whether all is well. These need no token." },
];

const PATHS: Document["paths"] = {
  ...sendOperations,
  ...chatOperations,
  ...readOperations,
  ...lookupOperations,
  ...qualityOperations,
  ...verificationOperations,
  ...reachOperations,
  ...suppressionOperations,
  ...phonebookOperations,
  ...moneyOperations,
  ...templateOperations,
  ...statusOperations,
};

const SCHEMAS: Document["components"]["schemas"] = {
  ...requestSchemas,
  ...answerSchemas,
  ...chatSchemas,
  ...verificationSchemas,
  ...reachSchemas,
  ...suppressionSchemas,
  ...contactSchemas,
  ...lookupSchemas,
  ...moneySchemas,
  ...qualitySchemas,
};

export function openApiDocument(origin: string): Document {
  return {
    openapi: "3.1.1",
    info: {
      title: "Pennypost API",
      version: "2",
      description:
        "Sends texts and emails from templates, and tells what became of them. It is the API of GOV.UK Notify, version 2, with a few additions: what works with Notify works here with another address.",
    },
    servers: [{ url: origin }],
    security: [{ token: [] }],
    tags: TAGS,
    paths: PATHS,
    components: {
      schemas: SCHEMAS,
      securitySchemes: {
        token: {
          type: "http",
          scheme: "bearer",
          bearerFormat: "JWT",
          description:
            "A JSON Web Token that you sign yourself with HS256. Its `iss` is your service's id, its `iat` the time now in seconds (within 30 seconds of ours); the secret is the last 36 characters of your API key. For a first try the API key itself will do in its place, over TLS.",
        },
      },
    },
  };
}
