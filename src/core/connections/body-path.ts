/**
 * Where something stands in a body that another product has posted: names with dots between them, a number in brackets for a place in a
 * list, and in brackets a name and a value for the first of a list that has it.
 *
 *     data.name                        data.phones[0].value          data.phones[primary=true].value
 *     billing.phone                    meta_data[key=_locker].value  ship-to.name
 */
import { isJsonNumber, isJsonObject, type JsonValue, spellingOf } from "../json/json-value.ts";

export const PATH_LIMITS = { characters: 200, steps: 20 } as const;

export type Step =
  | { kind: "name"; name: string }
  | { kind: "place"; index: number }
  /** The first of a list in which this name has this value. */
  | { kind: "having"; name: string; value: string };

const INDEX_MAX = 999;
/** One step, from where the last one ended: `.name`, `[0]` or `[name=value]`. */
const STEP = /\.([^.[\]=\s]+)|\[(\d{1,3})\]|\[([^.[\]=\s]+)=([^[\]]*)\]/y;

/** Undefined for what is no path. */
export function parsePath(text: string): readonly Step[] | undefined {
  if (text.length > PATH_LIMITS.characters) return undefined;
  const whole = text.startsWith("[") ? text : `.${text}`;
  const steps: Step[] = [];
  STEP.lastIndex = 0;
  while (STEP.lastIndex < whole.length) {
    const found = STEP.exec(whole);
    if (!found || steps.length >= PATH_LIMITS.steps) return undefined;
    steps.push(stepOf(found));
  }
  return steps.length > 0 ? steps : undefined;
}

function stepOf([, name, index, having, value]: RegExpExecArray): Step {
  if (name !== undefined) return { kind: "name", name };
  if (having !== undefined) return { kind: "having", name: having, value: value ?? "" };
  return { kind: "place", index: Math.min(Number(index), INDEX_MAX) };
}

/** What stands there; undefined where nothing does, and where the text is no path. */
export function valueAt(body: JsonValue, path: string): JsonValue | undefined {
  const steps = parsePath(path);
  return steps?.reduce<JsonValue | undefined>((value, step) => follow(value, step), body);
}

function follow(value: JsonValue | undefined, step: Step): JsonValue | undefined {
  if (step.kind === "name") return isJsonObject(value) ? own(value, step.name) : undefined;
  if (!Array.isArray(value)) return undefined;
  if (step.kind === "place") return value[step.index];
  return value.find((item) => isJsonObject(item) && textOf(own(item, step.name)) === step.value);
}

/** Not what every object brings along, such as `constructor`. */
function own(object: { [key: string]: JsonValue }, name: string): JsonValue | undefined {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}

/** A single value as text; undefined for none, for null, and for a list or a group of values. */
export function textOf(value: JsonValue | undefined): string | undefined {
  if (typeof value === "string") return value;
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  return isJsonNumber(value) ? spellingOf(value) : undefined;
}

/** textAt(body, "data.id") → "17" */
export function textAt(body: JsonValue, path: string): string | undefined {
  return textOf(valueAt(body, path));
}
