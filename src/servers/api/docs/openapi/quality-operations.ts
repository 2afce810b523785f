/** How messages fared: what can be asked, and what is answered. */
import { QUALITY_DAYS_MAX } from "../../../../flow/quality/read-quality.ts";
import { QUALITY_OF_SERVICE } from "../../schema/quality-query.ts";
import { whole } from "./answer-schemas.ts";
import { jsonBody, orNull, ref, responses } from "./parts.ts";
import type { Paths, Schema } from "./types.ts";

const count = (description: string): Schema => ({ type: "integer", description });
const indicators: Readonly<Record<string, Schema>> = {
  sent: count("Messages that a provider took."),
  ended: count("Messages of which it is known what became of them."),
  delivered: count("Of these."),
  deliverable_share: orNull("number", { description: "Of those that ended: whose recipient exists. 0.93 is 93 %." }),
  delivered_share: orNull("number", { description: "Of those that can be delivered." }),
  seconds_to_deliver: whole({
    p50: orNull("number", { description: "Half were delivered within so many seconds." }),
    p95: orNull("number", { description: "95 % were." }),
  }),
};

export const qualitySchemas = {
  Quality: whole({
    from: { type: "string", format: "date" },
    to: { type: "string", format: "date" },
    by: { type: "string", enum: [...QUALITY_OF_SERVICE] },
    total: whole(indicators),
    rows: {
      type: "array",
      description:
        "The most used first. Each has, beside the figures, what it is of, under the name of `by`; by `network` it has `country`, too, and `network` is null where it is not known.",
      items: whole(indicators),
    },
  }),
};

const day = (name: string, description: string) => {
  return { name, in: "query" as const, description, schema: { type: "string" as const, format: "date" } };
};

export const qualityOperations: Paths = {
  "/v2/quality": {
    get: {
      operationId: "getQuality",
      summary: "See how messages fared",
      description: `How many could be delivered, how many of these were, and in what time. Up to ${QUALITY_DAYS_MAX} days, within seconds of what happens. Messages of test keys are left out.`,
      tags: ["Read"],
      parameters: [
        day("from", "The first day; a week before the last if left out."),
        day("to", "The last day; today if left out."),
        {
          name: "by",
          in: "query",
          description: "`country` if left out.",
          schema: { type: "string", enum: [...QUALITY_OF_SERVICE] },
        },
      ],
      responses: responses({ "200": { description: "The figures.", content: jsonBody(ref("Quality")) } }, [
        [400, "ValidationError", "from is not a date such as 2026-06-01"],
        [400, "ValidationError", `Enter no more than ${QUALITY_DAYS_MAX} days`],
      ]),
    },
  },
};
