/**
 * The door for contacts: what a request, a row of a table or a form says of somebody, read and refused by field.
 *
 *     readContact({ phone_number: "07700 900123", first_name: "Ann" }) → { change: { number: "447700900123", … }, problems: [] }
 */
import { EMAIL_PROBLEM_MESSAGE, parseEmailAddress } from "../email/parse-email-address.ts";
import { isJsonNumber, isJsonObject, type JsonObject, type JsonValue, spellingOf } from "../json/json-value.ts";
import { parsePhoneNumber } from "../phone/parse-phone-number.ts";
import { phoneProblemMessage } from "../phone/phone-problem-message.ts";
import { readDegrees } from "../places/position.ts";
import { normaliseKey } from "../template/personalisation.ts";
import { type ContactChange, FIELDS_MAX } from "./contact.ts";

const TEXT_MAX_CHARACTERS = 200;
const FIELD_NAME_MAX_CHARACTERS = 50;
const FIELD_VALUE_MAX_CHARACTERS = 1_000;
const ADDRESS_LINES_MAX = 7;
const CONTROL = /\p{Cc}|\p{Surrogate}/u;
const CONTROL_BUT_LINES = /[^\P{Cc}\t\n\r]|\p{Surrogate}/u;
/** RFC 5646 §2.1, as far as people are asked for it: a language, with a region or script where one is wanted. */
const LANGUAGE = /^[a-z]{2,3}(-[a-z0-9]{2,8}){0,2}$/i;

/** As the API names them; each is a name that no field of a service's own may have. */
export const CONTACT_NAMES = [
  ...["phone_number", "email_address", "first_name", "last_name", "company", "title", "address_lines", "language"],
  ...["latitude", "longitude"],
  "fields",
] as const;

/** What placeholders for what we know of everybody are called; a whole name is what many tables have, and stands for first and last. */
const TAKEN_NAMES: ReadonlySet<string> = new Set(
  [...CONTACT_NAMES, ...Array.from({ length: ADDRESS_LINES_MAX }, (_, at) => `address_line_${at + 1}`)].map(
    normaliseKey,
  ),
);

export interface ContactProblem {
  /** As the API names it. */
  field: string;
  /** What is wrong with it, to be said after its name. */
  problem: string;
}

export interface ReadContact {
  change: ContactChange;
  problems: readonly ContactProblem[];
}

/** Null takes away, and so does the empty text; what is not there is left as it is. */
export function readContact(json: JsonObject): ReadContact {
  const problems: ContactProblem[] = [];
  const read = <T>(field: string, rule: (value: JsonValue) => T | Wrong): T | null | undefined => {
    const value = Object.hasOwn(json, field) ? json[field] : undefined;
    if (value === undefined) return undefined;
    if (value === null || (typeof value === "string" && value.trim() === "")) return null;
    const judged = rule(value);
    if (!(judged instanceof Wrong)) return judged;
    problems.push({ field, problem: judged.problem });
    return undefined;
  };
  const change = {
    number: read("phone_number", phoneNumber),
    emailAddress: read("email_address", emailAddress),
    firstName: read("first_name", line),
    lastName: read("last_name", line),
    company: read("company", line),
    title: read("title", line),
    addressLines: read("address_lines", lines),
    language: read("language", language),
    position: positionOf(
      read("latitude", (value) => degrees(value, 90)),
      read("longitude", (value) => degrees(value, 180)),
      problems,
    ),
    fields: readFields(json, problems),
  };
  return { change: withoutUndefined(change), problems };
}

class Wrong {
  readonly problem: string;

  constructor(problem: string) {
    this.problem = problem;
  }
}

function withoutUndefined(change: Record<string, unknown>): ContactChange {
  return Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined)) as ContactChange;
}

function phoneNumber(value: JsonValue): string | Wrong {
  if (typeof value !== "string") return new Wrong("is not of type string");
  const number = parsePhoneNumber(value);
  return typeof number === "string" ? new Wrong(phoneProblemMessage(number)) : number.digits;
}

function emailAddress(value: JsonValue): string | Wrong {
  if (typeof value !== "string") return new Wrong("is not of type string");
  const address = parseEmailAddress(value);
  return typeof address === "string" ? new Wrong(EMAIL_PROBLEM_MESSAGE) : address.asSubmitted;
}

function line(value: JsonValue): string | Wrong {
  if (typeof value !== "string") return new Wrong("is not of type string");
  const text = value.trim();
  if (text.length > TEXT_MAX_CHARACTERS) return new Wrong(`is longer than ${TEXT_MAX_CHARACTERS} characters`);
  return CONTROL.test(text) ? new Wrong("must be on one line, without control characters") : text;
}

function lines(value: JsonValue): string[] | Wrong {
  if (!Array.isArray(value)) return new Wrong("is not of type array");
  const judged = value.filter((one) => one !== "").map(line);
  const wrong = judged.find((one) => one instanceof Wrong);
  if (wrong instanceof Wrong) return new Wrong(`has a line that ${wrong.problem}`);
  if (judged.length > ADDRESS_LINES_MAX) return new Wrong(`cannot have more than ${ADDRESS_LINES_MAX} lines`);
  return judged.filter((one): one is string => typeof one === "string" && one !== "");
}

function language(value: JsonValue): string | Wrong {
  const isCode = typeof value === "string" && LANGUAGE.test(value.trim());
  return isCode ? value.trim() : new Wrong("is not the code of a language, such as en or cy");
}

function readFields(json: JsonObject, problems: ContactProblem[]): ContactChange["fields"] {
  const given = Object.hasOwn(json, "fields") ? json["fields"] : undefined;
  if (given === undefined) return undefined;
  if (!isJsonObject(given)) {
    problems.push({ field: "fields", problem: "is not of type object" });
    return undefined;
  }
  const entries = Object.entries(given);
  const fields: [string, string | null][] = [];
  const names = new Set<string>();
  for (const [spelt, value] of entries) {
    const name = spelt.trim();
    const problem = names.has(normaliseKey(name)) ? "is there twice" : fieldProblem(name, value);
    names.add(normaliseKey(name));
    if (problem !== undefined) problems.push({ field: `fields ${shownName(name)}`, problem });
    else fields.push([name, typeof value === "string" && value.trim() !== "" ? value.trim() : null]);
  }
  if (entries.length > FIELDS_MAX) problems.push({ field: "fields", problem: `cannot have more than ${FIELDS_MAX}` });
  return Object.fromEntries(fields);
}

function degrees(value: JsonValue, max: 90 | 180): number | Wrong {
  const given = isJsonNumber(value) ? spellingOf(value) : value;
  const read = typeof given === "string" || typeof given === "number" ? readDegrees(given, max) : "not-a-number";
  if (read === "not-a-number") return new Wrong("must be in decimal degrees, such as 51.752");
  return read === "out-of-range" ? new Wrong(`must be from -${max} to ${max}`) : read;
}

/** Half a position is none. */
function positionOf(
  latitude: number | null | undefined,
  longitude: number | null | undefined,
  problems: ContactProblem[],
): ContactChange["position"] {
  if (typeof latitude === "number" && typeof longitude === "number") return { latitude, longitude };
  if (latitude === null && longitude === null) return null;
  const isWrong = problems.some(({ field }) => field === "latitude" || field === "longitude");
  if ((latitude === undefined && longitude === undefined) || isWrong) return undefined;
  const missing = typeof latitude === "number" || longitude === null ? "longitude" : "latitude";
  problems.push({ field: missing, problem: "is missing: latitude and longitude go together" });
  return undefined;
}

/** A name may be anything, so that not all of it is repeated in a refusal. */
function shownName(name: string): string {
  return name.slice(0, FIELD_NAME_MAX_CHARACTERS);
}

function fieldProblem(name: string, value: JsonValue): string | undefined {
  if (normaliseKey(name) === "") return "must have a name";
  if (name.length > FIELD_NAME_MAX_CHARACTERS) return `has a name longer than ${FIELD_NAME_MAX_CHARACTERS} characters`;
  if (CONTROL.test(name)) return "has a name with control characters";
  if (TAKEN_NAMES.has(normaliseKey(name))) return "is a name of ours: take another";
  if (value === null) return undefined;
  if (typeof value !== "string") return "is not of type string";
  if (value.length > FIELD_VALUE_MAX_CHARACTERS) return `is longer than ${FIELD_VALUE_MAX_CHARACTERS} characters`;
  return CONTROL_BUT_LINES.test(value) ? "must not have control characters" : undefined;
}
