/** Writes JSON in which numbers with a spelling of their own keep it: money has its decimal point, `0.0` as much as `0.048`. */
import { isJsonNumber, spellingOf } from "./json-value.ts";

/** Compact JSON of plain data; keys without a value are left out, as `JSON.stringify` does.  writeJson({ cost: jsonNumber("0.0") }) → '{"cost":0.0}' */
export function writeJson(value: unknown): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "null";
  if (isJsonNumber(value)) return spellingOf(value);
  if (Array.isArray(value)) return `[${value.map(writeJson).join(",")}]`;
  if (value instanceof Date) return JSON.stringify(value);
  return writeObject(value);
}

function writeObject(object: object): string {
  let members = "";
  for (const [key, value] of Object.entries(object)) {
    if (value === undefined) continue;
    members += `${members === "" ? "" : ","}${JSON.stringify(key)}:${writeJson(value)}`;
  }
  return `{${members}}`;
}
