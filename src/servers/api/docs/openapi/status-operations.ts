/** The state of the installation. */
import { jsonBody } from "./parts.ts";
import type { Operation, Paths } from "./types.ts";

const status: Omit<Operation, "operationId"> = {
  summary: "Ask whether all is well",
  description: "For load balancers and monitoring. Includes whether the database answers, unless `simple` is given.",
  tags: ["Status"],
  parameters: [
    { name: "simple", in: "query", description: "Any value: only whether we answer.", schema: { type: "string" } },
  ],
  responses: {
    "200": {
      description: "All is well.",
      content: jsonBody({
        type: "object",
        required: ["status"],
        properties: { status: { type: "string", enum: ["ok"] }, db_version: { type: "string" } },
      }),
    },
    "503": {
      description: "The database does not answer. Try again after the seconds that `Retry-After` says.",
      content: jsonBody({
        type: "object",
        required: ["status", "message"],
        properties: { status: { type: "string", enum: ["error"] }, message: { type: "string" } },
      }),
    },
  },
  security: [],
};

const count = { type: "integer", minimum: 0 };

export const statusOperations: Paths = {
  "/_status": {
    get: { operationId: "getStatus", ...status },
    post: { operationId: "postStatus", ...status, summary: "Ask the same by POST" },
  },
  "/_status/live-service-and-organisation-counts": {
    get: {
      operationId: "getLiveCounts",
      summary: "Count what is live",
      description: "How many services are live, and how many organisations have one.",
      tags: ["Status"],
      responses: {
        "200": {
          description: "The counts.",
          content: jsonBody({
            type: "object",
            required: ["organisations", "services"],
            properties: { organisations: count, services: count },
          }),
        },
      },
      security: [],
    },
  },
};
