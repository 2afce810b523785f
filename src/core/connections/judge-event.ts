/** What a connection makes of one event of another product: whom it would send what, or why it sends nothing. */
import type { JsonValue } from "../json/json-value.ts";
import { textAt, textOf, valueAt } from "./body-path.ts";
import { type Condition, conditionText, holds } from "./condition.ts";

const EVENT_MAX_CHARACTERS = 200;
const LIST_ITEMS_MAX = 100;

/** How a connection reads a body. */
export interface Reading {
  recipientPath: string;
  /** Paths by the names of the template's fields. */
  fields: Readonly<Record<string, string>>;
  conditions: readonly Condition[];
  /** What tells one event from another; undefined: every call is an event of its own. */
  eventPath: string | undefined;
}

export type Judged =
  | { kind: "send"; recipient: string; values: Record<string, string | string[]>; event: string | undefined }
  /** The condition that does not hold. */
  | { kind: "left-out"; condition: string }
  /** Why; it names paths, never what stands there. */
  | { kind: "refused"; reason: string };

export function judgeEvent(body: JsonValue, reading: Reading): Judged {
  const unmet = reading.conditions.find((condition) => !holds(condition, body));
  if (unmet) return { kind: "left-out", condition: conditionText(unmet) };
  const recipient = textAt(body, reading.recipientPath)?.trim();
  if (!recipient) return refused(`There is no recipient at ${reading.recipientPath}`);
  const values: Record<string, string | string[]> = {};
  for (const [name, path] of Object.entries(reading.fields)) {
    const value = fieldAt(body, path);
    if (value === undefined) return refused(`There is no text at ${path}, which ((${name})) is filled from`);
    values[name] = value;
  }
  return withEvent(body, reading, { recipient, values });
}

type Found = Pick<Extract<Judged, { kind: "send" }>, "recipient" | "values">;

function withEvent(body: JsonValue, { eventPath }: Reading, found: Found): Judged {
  if (eventPath === undefined) return { kind: "send", ...found, event: undefined };
  const event = textAt(body, eventPath);
  if (!event) return refused(`There is nothing at ${eventPath}, by which events are told apart`);
  if (event.length > EVENT_MAX_CHARACTERS)
    return refused(`What stands at ${eventPath} is longer than ${EVENT_MAX_CHARACTERS} characters`);
  return { kind: "send", ...found, event };
}

/** Text, or a list of texts; nothing written is empty text, and a group of values is none. */
function fieldAt(body: JsonValue, path: string): string | string[] | undefined {
  const value = valueAt(body, path);
  if (value === null) return "";
  if (!Array.isArray(value)) return textOf(value);
  const items = value.slice(0, LIST_ITEMS_MAX).map((item) => textOf(item));
  return items.includes(undefined) ? undefined : (items as string[]);
}

function refused(reason: string): Judged {
  return { kind: "refused", reason };
}
