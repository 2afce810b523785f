/**
 * JSON values in the words Notify's API uses for them, which are Python's: `True`, `None`, `1e+16`, `['a', 1.0]`. They show in
 * messages whose personalisation holds more than text, and in the refusals of requests.
 */
import { isJsonNumber, type JsonValue, spellingOf } from "./json-value.ts";

/** From here on, Python writes floats with an exponent; JavaScript does so five digits later. */
const EXPONENT_FROM = 16;
const EXPONENT_BELOW = -4;
const EXPONENT_MIN_DIGITS = 2;

const INTEGER = /^-?\d+$/;
const NOT_PRINTABLE = /[\p{C}\p{Z}]/gu;
const NAMED_ESCAPES: Record<string, string> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

/** As `str()` gives it: text stays as it is.  pythonText(true) → "True" */
export function pythonText(value: JsonValue): string {
  return typeof value === "string" ? value : pythonRepr(value);
}

/** As `repr()` gives it: text in quotes.  pythonRepr(["a", null]) → "['a', None]" */
export function pythonRepr(value: JsonValue): string {
  if (value === null) return "None";
  if (typeof value === "string") return quote(value);
  if (typeof value === "boolean") return value ? "True" : "False";
  if (typeof value === "number") return numberText(String(value));
  if (isJsonNumber(value)) return numberText(spellingOf(value));
  if (Array.isArray(value)) return `[${value.map(pythonRepr).join(", ")}]`;
  const entries = Object.entries(value).map(([key, inner]) => `${quote(key)}: ${pythonRepr(inner)}`);
  return `{${entries.join(", ")}}`;
}

function quote(text: string): string {
  const mark = text.includes("'") && !text.includes('"') ? '"' : "'";
  const escaped = text.replaceAll("\\", "\\\\").replaceAll(mark, `\\${mark}`).replace(NOT_PRINTABLE, escapeCharacter);
  return mark + escaped + mark;
}

function escapeCharacter(character: string): string {
  if (character === " ") return character;
  const codePoint = character.codePointAt(0) ?? 0;
  if (codePoint <= 0xff) return NAMED_ESCAPES[character] ?? `\\x${hex(codePoint, 2)}`;
  return codePoint <= 0xffff ? `\\u${hex(codePoint, 4)}` : `\\U${hex(codePoint, 8)}`;
}

function hex(codePoint: number, digits: number): string {
  return codePoint.toString(16).padStart(digits, "0");
}

function numberText(spelling: string): string {
  if (INTEGER.test(spelling)) return spelling === "-0" ? "0" : spelling;
  return floatText(Number(spelling));
}

function floatText(value: number): string {
  if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf";
  if (value === 0) return Object.is(value, -0) ? "-0.0" : "0.0";
  // The shortest digits that read back as the same number are the same in both languages (Steele and White).
  const [mantissa = "", exponentText = ""] = value.toExponential().split("e");
  const exponent = Number(exponentText);
  if (exponent < EXPONENT_BELOW || exponent >= EXPONENT_FROM) return `${mantissa}e${signedExponent(exponent)}`;
  const plain = exponent < 0 ? value.toFixed(decimalsOf(mantissa) - exponent) : String(value);
  return plain.includes(".") ? plain : `${plain}.0`;
}

function signedExponent(exponent: number): string {
  const digits = String(Math.abs(exponent)).padStart(EXPONENT_MIN_DIGITS, "0");
  return (exponent < 0 ? "-" : "+") + digits;
}

function decimalsOf(mantissa: string): number {
  const point = mantissa.indexOf(".");
  return point === -1 ? 0 : mantissa.length - point - 1;
}
