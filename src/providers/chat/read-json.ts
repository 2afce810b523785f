/** What apps write, read without believing anything of its form. Ids longer than a number of JavaScript keep their digits. */
import { isJsonNumber, isJsonObject, type JsonValue, spellingOf } from "../../core/json/json-value.ts";
import { parseJsonBody } from "../../core/json/parse-json-body.ts";

const MS_PER_SECOND = 1_000;
const MOMENT_MAX_MS = 8_640_000_000_000_000;

export type Json = JsonValue | undefined;

export function readJson(body: Buffer): Json {
  return parseJsonBody(body);
}

/** valueAt({ result: { id: 7 } }, "result.id") → 7 */
export function valueAt(value: Json, path: string): Json {
  let found = value;
  for (const step of path.split(".")) {
    if (!isJsonObject(found) || !Object.hasOwn(found, step)) return undefined;
    found = found[step];
  }
  return found;
}

/** A text, or a number as it was spelled; nothing else, and nothing empty. */
export function textAt(value: Json, path: string): string | undefined {
  const found = valueAt(value, path);
  if (typeof found === "string") return found === "" ? undefined : found;
  if (typeof found === "number") return String(found);
  return isJsonNumber(found) ? spellingOf(found) : undefined;
}

export function numberAt(value: Json, path: string): number | undefined {
  const text = textAt(value, path);
  const number = text === undefined ? Number.NaN : Number(text);
  return Number.isFinite(number) ? number : undefined;
}

export function listAt(value: Json, path: string): JsonValue[] {
  const found = valueAt(value, path);
  return Array.isArray(found) ? found : [];
}

/** A moment in seconds since 1970. */
export function momentAt(value: Json, path: string, msPerUnit = MS_PER_SECOND): { at: Date } | undefined {
  const number = numberAt(value, path);
  if (number === undefined || Math.abs(number * msPerUnit) > MOMENT_MAX_MS) return undefined;
  return { at: new Date(number * msPerUnit) };
}
