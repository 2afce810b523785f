/** The body of a request that looks numbers up. */
import type { JsonValue } from "../../../core/json/json-value.ts";
import { NUMBERS_LOOKED_UP_MAX } from "../../../flow/number-lookups/look-up-numbers.ts";
import { type Checked, checkObject, fits, type Judged, optional, required, schema, shown, wrong } from "./checker.ts";
import { oneOf } from "./rules.ts";
import { emptyIfFalsy } from "./send-requests.ts";

const LOOKUP_SOURCES = ["number-data", "network"] as const;

const lookupSchema = schema({ phone_numbers: required(numbers), source: optional(oneOf(LOOKUP_SOURCES)) });

/** POST /v2/number-lookups: what is no number at all is looked up, too, and told to be none. */
export function checkLookupRequest(body: JsonValue): Checked<{
  phone_numbers: string[];
  source: (typeof LOOKUP_SOURCES)[number] | undefined;
}> {
  return checkObject(emptyIfFalsy(body), lookupSchema);
}

function numbers(value: JsonValue): Judged<string[]> {
  if (!Array.isArray(value)) return wrong(`${shown(value)} is not of type array`);
  if (value.length === 0) return wrong("must have a number");
  if (value.length > NUMBERS_LOOKED_UP_MAX) return wrong(`cannot have more than ${NUMBERS_LOOKED_UP_MAX} numbers`);
  const texts = value.filter((item) => typeof item === "string");
  return texts.length === value.length ? fits(texts) : wrong("must be texts");
}
