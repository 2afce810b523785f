/** What GET /v2/quality can be asked. */
import type { JsonValue } from "../../../core/json/json-value.ts";
import { parseDay } from "../../../flow/money/change-prices.ts";
import { type Checked, checkObject, fits, type Judged, optional, schema, valid, wrong } from "./checker.ts";
import { oneOf } from "./rules.ts";

export const QUALITY_OF_SERVICE = ["country", "network", "provider", "sender", "template"] as const;

const querySchema = schema({ from: optional(day), to: optional(day), by: optional(oneOf(QUALITY_OF_SERVICE)) });

function day(value: JsonValue): Judged<string> {
  const read = typeof value === "string" ? parseDay(value) : undefined;
  return read === undefined ? wrong("is not a date such as 2026-06-01") : fits(read);
}

export interface QualityQuery {
  from: string | undefined;
  to: string | undefined;
  by: (typeof QUALITY_OF_SERVICE)[number];
}

/** By country unless something else is asked for. */
export function checkQualityQuery(query: URLSearchParams): Checked<QualityQuery> {
  const checked = checkObject(Object.fromEntries(query), querySchema);
  if (checked.kind === "invalid") return checked;
  const { from, to, by = "country" } = checked.value;
  return valid({ from, to, by });
}
