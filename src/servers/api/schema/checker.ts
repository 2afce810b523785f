/**
 * Holds a request against the fields it may have, and reports everything wrong with it at once, in the words and the order of
 * Notify's API: first each property in the schema's order, then what is missing, then what should not be there.
 * What passes comes out parsed.
 */
import { isJsonObject, type JsonObject, type JsonValue } from "../../../core/json/json-value.ts";
import { pythonRepr } from "../../../core/json/python-text.ts";

export type Checked<T> = { kind: "valid"; value: T } | { kind: "invalid"; messages: string[] };

/** What a rule makes of one value: the parsed value, or what is wrong, without the field's name. */
export type Judged<T> = { kind: "fits"; value: T } | { kind: "wrong"; problems: string[] };

export type Rule<T> = (value: JsonValue, now: Date) => Judged<T>;

export interface Field<T> {
  rule: Rule<T>;
  isRequired: boolean;
}

type Fields = Record<string, Field<unknown>>;

/** The parsed values of fields; those that were not sent are undefined. */
export type ValuesOf<F extends Fields> = { [Name in keyof F]: F[Name] extends Field<infer T> ? T : never };

/** The fields a request may have, in the order in which what is wrong with them is reported. */
export interface Schema<F extends Fields> {
  fields: readonly (readonly [name: string, field: Field<unknown>])[];
  names: ReadonlySet<string>;
  extraProperties: ExtraProperties;
  /** Only for the compiler: what passes has these fields. */
  readonly shape: F;
}

/** Where properties that no field allows are reported, if at all. */
export type ExtraProperties = "reported-last" | "reported-first" | "allowed";

export function required<T>(rule: Rule<T>): Field<T> {
  return { rule, isRequired: true };
}

export function optional<T>(rule: Rule<T>): Field<T | undefined> {
  return { rule, isRequired: false };
}

export function fits<T>(value: T): Judged<T> {
  return { kind: "fits", value };
}

export function wrong(...problems: string[]): Judged<never> {
  return { kind: "wrong", problems };
}

export function valid<T>(value: T): Checked<T> {
  return { kind: "valid", value };
}

export function invalid(messages: readonly string[]): Checked<never> {
  return { kind: "invalid", messages: [...new Set(messages)] };
}

/** A value as refusals show it: Python's spelling without apostrophes.  shown([1, "a"]) → "[1, a]" */
export function shown(value: JsonValue): string {
  return pythonRepr(value).replaceAll("'", "");
}

/** Made once for each kind of request, since requests are checked by the thousand. */
export function schema<F extends Fields>(shape: F, extraProperties: ExtraProperties = "reported-last"): Schema<F> {
  return { shape, fields: Object.entries(shape), names: new Set(Object.keys(shape)), extraProperties };
}

/** Holds a value against a schema; `now` matters only to schemas with a time in them, which must be told it. */
export function checkObject<F extends Fields>(
  json: JsonValue,
  against: Schema<F>,
  now = new Date(0),
): Checked<ValuesOf<F>> {
  if (!isJsonObject(json)) return invalid([`${shown(json)} is not of type object`]);
  const values: Record<string, unknown> = {};
  const messages = checkProperties(json, values, { against, now });
  if (against.extraProperties !== "allowed") {
    const extra = unexpectedProperties(json, against.names);
    if (against.extraProperties === "reported-first") messages.unshift(...extra);
    else messages.push(...extra);
  }
  return messages.length > 0 ? invalid(messages) : valid(values as ValuesOf<F>);
}

/** Fills in the values that fit and returns what is wrong with the others, then what is missing. */
function checkProperties(
  json: JsonObject,
  values: Record<string, unknown>,
  { against, now }: { against: Schema<Fields>; now: Date },
): string[] {
  const messages: string[] = [];
  const missing: string[] = [];
  for (const [name, { rule, isRequired }] of against.fields) {
    const value = Object.hasOwn(json, name) ? json[name] : undefined;
    if (value === undefined) {
      if (isRequired) missing.push(`${name} is a required property`);
      continue;
    }
    const judged = rule(value, now);
    if (judged.kind === "fits") values[name] = judged.value;
    else messages.push(...judged.problems.map((problem) => `${name} ${problem}`));
  }
  return [...messages, ...missing];
}

function unexpectedProperties(json: JsonObject, expected: ReadonlySet<string>): string[] {
  const names = Object.keys(json).filter((name) => !expected.has(name));
  if (names.length === 0) return [];
  const list = names.sort().map(shown).join(", ");
  return [`Additional properties are not allowed (${list} ${names.length === 1 ? "was" : "were"} unexpected)`];
}
