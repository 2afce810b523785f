/**
 * JSON as values, with numbers that keep their spelling where a JavaScript number would lose it: `1.0`, `0.048`,
 * `12345678901234567890`. What was written is what a message shows, and money keeps its decimal point.
 */
const SPELLING: unique symbol = Symbol("spelling");

/** A number as written (RFC 8259 §6). Marked by a symbol, so that no object anyone sends can pass for one. */
export interface JsonNumber {
  readonly [SPELLING]: string;
}

export type JsonValue = null | boolean | number | string | JsonNumber | JsonValue[] | JsonObject;

export interface JsonObject {
  [key: string]: JsonValue;
}

const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/** A number with a spelling of its own; throws when JSON has no such number.  writeJson(jsonNumber("0.0")) → "0.0" */
export function jsonNumber(text: string): JsonNumber {
  if (!NUMBER.test(text)) throw new Error(`${JSON.stringify(text)} is not a number in JSON`);
  return { [SPELLING]: text };
}

export function isJsonNumber(value: unknown): value is JsonNumber {
  return typeof value === "object" && value !== null && SPELLING in value;
}

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !isJsonNumber(value);
}

/** spellingOf(jsonNumber("1.0")) → "1.0" */
export function spellingOf(number: JsonNumber): string {
  return number[SPELLING];
}
