/**
 * What must hold of a body for a message to be sent, as people write it, one a line:
 *
 *     meta.action is create
 *     data.status is not lost
 *     status is one of processing, completed
 *     previous.stage_id is there
 *     data.lost_reason is missing
 */
import { isJsonNumber, type JsonValue } from "../json/json-value.ts";
import { parsePath, textAt, valueAt } from "./body-path.ts";

export const CONDITION_LIMITS = { conditions: 10, values: 20, valueCharacters: 200 } as const;

export type Condition =
  | { path: string; test: "is" | "is-not"; value: string }
  | { path: string; test: "one-of"; values: readonly string[] }
  | { path: string; test: "there" | "missing" };

const LINE_MAX_CHARACTERS = 5_000;
const SHAPE = /^(.+?) is (?:(there|missing)$|(not|one of) (.+)$|(?!(?:not|one of)$)(.+)$)/;

/** Undefined for a line that is no condition. */
export function parseCondition(line: string): Condition | undefined {
  if (line.length > LINE_MAX_CHARACTERS) return undefined;
  const [, path = "", presence, word, after, value] = SHAPE.exec(line.trim()) ?? [];
  if (parsePath(path) === undefined) return undefined;
  if (presence === "there" || presence === "missing") return { path, test: presence };
  if (word === "one of") return oneOf(path, after ?? "");
  const wanted = (after ?? value ?? "").trim();
  if (!isValue(wanted)) return undefined;
  return { path, test: word === "not" ? "is-not" : "is", value: wanted };
}

function oneOf(path: string, list: string): Condition | undefined {
  const values = list.split(",").map((value) => value.trim());
  if (values.length > CONDITION_LIMITS.values || !values.every(isValue)) return undefined;
  return { path, test: "one-of", values };
}

function isValue(text: string): boolean {
  return text !== "" && text.length <= CONDITION_LIMITS.valueCharacters;
}

/** conditionText({ path: "status", test: "one-of", values: ["a", "b"] }) → "status is one of a, b" */
export function conditionText(condition: Condition): string {
  switch (condition.test) {
    case "is":
      return `${condition.path} is ${condition.value}`;
    case "is-not":
      return `${condition.path} is not ${condition.value}`;
    case "one-of":
      return `${condition.path} is one of ${condition.values.join(", ")}`;
    default:
      return `${condition.path} is ${condition.test}`;
  }
}

export function holds(condition: Condition, body: JsonValue): boolean {
  const text = textAt(body, condition.path);
  switch (condition.test) {
    case "is":
      return text === condition.value;
    case "is-not":
      return text !== condition.value;
    case "one-of":
      return text !== undefined && condition.values.includes(text);
    default:
      return isThere(valueAt(body, condition.path)) === (condition.test === "there");
  }
}

/** Null, empty text and empty lists and groups are how products say that there is nothing. */
function isThere(value: JsonValue | undefined): boolean {
  if (value === undefined || value === null || value === "") return false;
  return typeof value !== "object" || isJsonNumber(value) || Object.keys(value).length > 0;
}
