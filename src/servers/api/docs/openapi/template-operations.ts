/** Reading templates, and seeing how one would look. */
import { TEMPLATE_TYPES } from "../../schema/read-requests.ts";
import { type ErrorExample, jsonBody, pathId, ref, responses } from "./parts.ts";
import type { Paths } from "./types.ts";

const NOT_THERE: readonly ErrorExample[] = [
  [400, "ValidationError", "id is not a valid UUID"],
  [404, "NoResultFound", "No result found"],
];

const template = { "200": { description: "The template.", content: jsonBody(ref("Template")) } };

export const templateOperations: Paths = {
  "/v2/template/{id}": {
    get: {
      operationId: "getTemplate",
      summary: "Get a template",
      description: "In the version that is in use.",
      tags: ["Templates"],
      parameters: [pathId("The template's id.")],
      responses: responses(template, NOT_THERE),
    },
  },
  "/v2/template/{id}/version/{version}": {
    get: {
      operationId: "getTemplateVersion",
      summary: "Get a version of a template",
      description: "Versions never change. Version 0 stands for the one in use.",
      tags: ["Templates"],
      parameters: [
        pathId("The template's id."),
        {
          name: "version",
          in: "path",
          required: true,
          description: "The version's number.",
          schema: { type: "integer", minimum: 0 },
        },
      ],
      responses: responses(template, NOT_THERE),
    },
  },
  "/v2/templates": {
    get: {
      operationId: "listTemplates",
      summary: "List templates",
      description: "All that can be sent with, by name.",
      tags: ["Templates"],
      parameters: [
        { name: "type", in: "query", description: "Only this type.", schema: { type: "string", enum: TEMPLATE_TYPES } },
      ],
      responses: responses({ "200": { description: "The templates.", content: jsonBody(ref("Templates")) } }, [
        [400, "ValidationError", "type fax is not one of [sms, email, letter]"],
      ]),
    },
  },
  "/v2/template/{id}/preview": {
    post: {
      operationId: "previewTemplate",
      summary: "Preview a template",
      description: "How it would look with your values. Nothing is sent, and no limit counts it.",
      tags: ["Templates"],
      parameters: [pathId("The template's id.")],
      requestBody: {
        required: false,
        content: jsonBody(ref("PreviewRequest"), { personalisation: { name: "Ada" } }),
      },
      responses: responses({ "200": { description: "The preview.", content: jsonBody(ref("Preview")) } }, [
        ...NOT_THERE,
        [400, "BadRequestError", "Missing personalisation: name"],
      ]),
    },
  },
};
