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

export type Rule<T> = (value: JsonValue) => Judged<T>;

export interface Field<T> {
  rule: Rule<T>;
  isRequired: boolean;
}

type Fields = Record<string, Field<unknown>>;

/** The parsed values of fields; those that were not sent are undefined. */
export type ValuesOf<F extends Fields> = { [Name in keyof F]: F[Name] extends Field<infer T> ? T : never };

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

export function checkObject<F extends Fields>(
  json: JsonValue,
  fields: F,
  extraProperties: ExtraProperties = "reported-last",
): Checked<ValuesOf<F>> {
  if (!isJsonObject(json)) return invalid([`${shown(json)} is not of type object`]);
  const { values, messages } = checkProperties(json, fields);
  const missing = missingProperties(json, fields);
  const extra = extraProperties === "allowed" ? [] : unexpectedProperties(json, fields);
  const ordered =
    extraProperties === "reported-first" ? [...extra, ...messages, ...missing] : [...messages, ...missing, ...extra];
  return ordered.length > 0 ? invalid(ordered) : valid(values as ValuesOf<F>);
}

function checkProperties(json: JsonObject, fields: Fields): { values: Record<string, unknown>; messages: string[] } {
  const values: Record<string, unknown> = {};
  const messages: string[] = [];
  for (const [name, { rule }] of Object.entries(fields)) {
    const value = Object.hasOwn(json, name) ? json[name] : undefined;
    if (value === undefined) continue;
    const judged = rule(value);
    if (judged.kind === "fits") values[name] = judged.value;
    else messages.push(...judged.problems.map((problem) => `${name} ${problem}`));
  }
  return { values, messages };
}

function missingProperties(json: JsonObject, fields: Fields): string[] {
  return Object.entries(fields)
    .filter(([name, field]) => field.isRequired && !Object.hasOwn(json, name))
    .map(([name]) => `${name} is a required property`);
}

function unexpectedProperties(json: JsonObject, fields: Fields): string[] {
  const names = Object.keys(json).filter((name) => !Object.hasOwn(fields, name));
  if (names.length === 0) return [];
  const list = names.sort().map(shown).join(", ");
  return [`Additional properties are not allowed (${list} ${names.length === 1 ? "was" : "were"} unexpected)`];
}
