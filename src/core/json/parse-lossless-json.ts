/**
 * JSON without loss: every number keeps its spelling, the last of repeated keys counts, and `__proto__` is a key like any other.
 * The platform's parser judges whether the text is JSON at all, so what is read here is known to be well formed.
 */
import { type JsonNumber, type JsonObject, type JsonValue, jsonNumber } from "./json-value.ts";

const NESTING_MAX_LEVELS = 200;
/** Longer ones take time that grows with the square of their length to turn into numbers, in most languages. */
const NUMBER_MAX_CHARACTERS = 4_300;

const NUMBER = /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const SPACE = /[ \t\n\r]*/y;

/** After a character that can come before a value: -0, a decimal point, an exponent, or more digits than are exact. */
const NUMBER_AT_RISK = /(?:^|[[:,])\s*-?(?:0(?<=-0)|\d+[.eE]|\d{16})/;

interface Reading {
  readonly text: string;
  at: number;
  hasEndlessNumber: boolean;
}

/** The value of a JSON text; undefined when it is not JSON, or nested or written beyond any use. */
export function parseLosslessJson(text: string): JsonValue | undefined {
  const value = parsePlainJson(text);
  if (value === undefined || !NUMBER_AT_RISK.test(text)) return value;
  const reading: Reading = { text, at: 0, hasEndlessNumber: false };
  const lossless = readValue(reading);
  return reading.hasEndlessNumber ? undefined : lossless;
}

function parsePlainJson(text: string): JsonValue | undefined {
  try {
    const value = JSON.parse(text) as JsonValue;
    return isNestedBeyond(value, NESTING_MAX_LEVELS) ? undefined : value;
  } catch {
    return undefined;
  }
}

function isNestedBeyond(value: JsonValue, levels: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  if (levels === 0) return true;
  return Object.values(value).some((inner) => isNestedBeyond(inner, levels - 1));
}

function readValue(reading: Reading): JsonValue {
  skipSpace(reading);
  switch (reading.text.charAt(reading.at)) {
    case "{":
      return readObject(reading);
    case "[":
      return readArray(reading);
    case '"':
      return readString(reading);
    case "t":
      return readWord(reading, { word: "true", value: true });
    case "f":
      return readWord(reading, { word: "false", value: false });
    case "n":
      return readWord(reading, { word: "null", value: null });
    default:
      return readNumber(reading);
  }
}

function readObject(reading: Reading): JsonObject {
  const entries: [string, JsonValue][] = [];
  readItems(reading, "}", () => {
    const key = readString(reading);
    skipSpace(reading);
    reading.at += ":".length;
    entries.push([key, readValue(reading)]);
  });
  return Object.fromEntries(entries);
}

function readArray(reading: Reading): JsonValue[] {
  const items: JsonValue[] = [];
  readItems(reading, "]", () => {
    items.push(readValue(reading));
  });
  return items;
}

function readItems(reading: Reading, end: string, readItem: () => void): void {
  reading.at += 1;
  skipSpace(reading);
  while (reading.text.charAt(reading.at) !== end) {
    readItem();
    skipSpace(reading);
    if (reading.text.charAt(reading.at) === ",") reading.at += ",".length;
    skipSpace(reading);
  }
  reading.at += end.length;
}

function readString(reading: Reading): string {
  const start = reading.at;
  do reading.at = reading.text.indexOf('"', reading.at + 1);
  while (isEscaped(reading.text, reading.at));
  reading.at += 1;
  return JSON.parse(reading.text.slice(start, reading.at)) as string;
}

/** A quote after an odd number of backslashes is part of the string. Counted by hand: strings can be megabytes. */
function isEscaped(text: string, quoteAt: number): boolean {
  let backslashes = 0;
  while (text.charAt(quoteAt - backslashes - 1) === "\\") backslashes += 1;
  return backslashes % 2 === 1;
}

function readNumber(reading: Reading): JsonNumber {
  const text = take(reading, NUMBER);
  if (text.length > NUMBER_MAX_CHARACTERS) reading.hasEndlessNumber = true;
  return jsonNumber(text);
}

function readWord(reading: Reading, { word, value }: { word: string; value: boolean | null }): boolean | null {
  reading.at += word.length;
  return value;
}

function skipSpace(reading: Reading): void {
  take(reading, SPACE);
}

function take(reading: Reading, token: RegExp): string {
  token.lastIndex = reading.at;
  const text = token.exec(reading.text)?.[0] ?? "";
  reading.at += text.length;
  return text;
}
