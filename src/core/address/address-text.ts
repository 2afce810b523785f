/** The address of a letter as its request gives it: in personalisation, under keys that must be spelt exactly. */
import { isJsonNumber, type JsonObject, type JsonValue, spellingOf } from "../json/json-value.ts";
import { pythonText } from "../json/python-text.ts";

const FIRST_KEYS = [1, 2, 3, 4, 5, 6].map((number) => `address_line_${number}`);
const SEVENTH_KEY = "address_line_7";
const POSTCODE_KEY = "postcode";

/** The lines, not yet tidied or judged. An `address_line_7`, even an empty one, stands in for the postcode. */
export function addressText(personalisation: JsonObject): string {
  const lastKey = Object.hasOwn(personalisation, SEVENTH_KEY) ? SEVENTH_KEY : POSTCODE_KEY;
  return [...FIRST_KEYS, lastKey].map((key) => lineText(ownValue(personalisation, key))).join("\n");
}

function ownValue(personalisation: JsonObject, key: string): JsonValue {
  return (Object.hasOwn(personalisation, key) ? personalisation[key] : undefined) ?? null;
}

/** What is empty, zero or false in Python is no line. */
function lineText(value: JsonValue): string {
  return isNothing(value) ? "" : pythonText(value);
}

function isNothing(value: JsonValue): boolean {
  if (isJsonNumber(value)) return Number(spellingOf(value)) === 0;
  if (value !== null && typeof value === "object") return Object.keys(value).length === 0;
  return !value;
}
