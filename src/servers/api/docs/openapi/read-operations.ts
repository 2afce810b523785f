/** Asking what became of notifications, and what the public wrote. */
import { STATUS_FILTERS } from "../../../../core/delivery/statuses.ts";
import { TEMPLATE_TYPES } from "../../schema/read-requests.ts";
import { jsonBody, olderThan, pathId, ref, responses } from "./parts.ts";
import type { Paths } from "./types.ts";

const PDF_BODY = { "application/pdf": { schema: { type: "string", contentMediaType: "application/pdf" } } } as const;

export const readOperations: Paths = {
  "/v2/notifications/{id}": {
    get: {
      operationId: "getNotification",
      summary: "Get one notification",
      description: "With any of your service's keys, for as long as your service keeps its notifications.",
      tags: ["Read"],
      parameters: [pathId("The notification's id.")],
      responses: responses({ "200": { description: "The notification.", content: jsonBody(ref("Notification")) } }, [
        [400, "ValidationError", "notification_id is not a valid UUID"],
        [404, "NoResultFound", "No result found"],
      ]),
    },
  },
  "/v2/notifications/{id}/content-check": {
    post: {
      operationId: "checkContent",
      summary: "Check what a notification said",
      description:
        "Tells whether these are exactly the words that were sent, also where only their hash is kept (`no_store`).",
      tags: ["Read"],
      parameters: [pathId("The notification's id.")],
      requestBody: {
        required: true,
        content: jsonBody(ref("ContentCheckRequest"), { body: "Your appointment is on 1 June 2026 at 10:30" }),
      },
      responses: responses({ "200": { description: "The answer.", content: jsonBody(ref("ContentCheck")) } }, [
        [400, "ValidationError", "body is a required property"],
        [400, "BadRequestError", "Nothing is kept of what this notification said"],
        [404, "NoResultFound", "No result found"],
      ]),
    },
  },
  "/v2/notifications": {
    get: {
      operationId: "listNotifications",
      summary: "List notifications",
      description:
        "Those sent with the same kind of key (live, team or test) as the one you ask with, newest first, up to 250 at a time.",
      tags: ["Read"],
      parameters: [
        {
          name: "template_type",
          in: "query",
          description: "Only these. Can be given more than once.",
          explode: true,
          schema: { type: "array", items: { type: "string", enum: TEMPLATE_TYPES } },
        },
        {
          name: "status",
          in: "query",
          description:
            "Only these. Can be given more than once. `failed` stands for every kind of failure, `accepted` for what is not yet delivered.",
          explode: true,
          schema: { type: "array", items: { type: "string", enum: STATUS_FILTERS } },
        },
        {
          name: "reference",
          in: "query",
          description: "Only with exactly this reference.",
          schema: { type: "string" },
        },
        olderThan("a notification"),
        {
          name: "include_jobs",
          in: "query",
          description: "Also those sent in bulk.",
          schema: { type: "string", enum: ["true", "True"] },
        },
      ],
      responses: responses({ "200": { description: "A page.", content: jsonBody(ref("Notifications")) } }, [
        [400, "ValidationError", "older_than is not a valid UUID"],
        [400, "ValidationError", "template_type fax is not one of [sms, email, letter]"],
        [400, "ValidationError", "Additional properties are not allowed (page was unexpected)"],
      ]),
    },
  },
  "/v2/notifications/{id}/pdf": {
    get: {
      operationId: "getPdf",
      summary: "Get a letter as PDF",
      description: "What is printed, or was rejected. Refused for texts and emails, which have none.",
      tags: ["Read"],
      parameters: [pathId("The notification's id.")],
      responses: responses({ "200": { description: "The PDF.", content: PDF_BODY } }, [
        [400, "PDFNotReadyError", "PDF not available yet, try again later"],
        [400, "BadRequestError", "File did not pass the virus scan"],
        [400, "BadRequestError", "PDF not available for letters in status technical-failure"],
        [400, "BadRequestError", "Notification is not a letter"],
        [404, "NoResultFound", "No result found"],
      ]),
    },
  },
  "/v2/received-text-messages": {
    get: {
      operationId: "listReceivedTexts",
      summary: "List received text messages",
      description: "What the public wrote to your service's numbers, newest first, up to 250 at a time.",
      tags: ["Read"],
      parameters: [olderThan("a received text")],
      responses: responses({ "200": { description: "A page.", content: jsonBody(ref("ReceivedTexts")) } }, [
        [400, "ValidationError", "older_than is not a valid UUID"],
      ]),
    },
  },
};
