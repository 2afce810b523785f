/** What somebody has said yes to: a purpose, when and how it was said, and when and how it was taken back. */
import { isJsonObject, type JsonObject, type JsonValue } from "../json/json-value.ts";

export interface Consent {
  /** What for, in the service's words: `marketing`. */
  purpose: string;
  givenAt: Date;
  /** How it was said: "ticked on the sign-up form, version 3". */
  how: string;
  withdrawnAt: Date | undefined;
  withdrawnHow: string | undefined;
}

export type GivenConsent = Pick<Consent, "purpose" | "givenAt" | "how">;

/** Of one contact in one request. */
const AT_ONCE_MAX = 20;
const HOW_MAX_CHARACTERS = 500;
const PURPOSE = /^[a-z0-9][a-z0-9-]{0,39}$/;
const UNSTORABLE = /\0|\p{Surrogate}/u;
/** ISO 8601, with its offset from UTC. */
const MOMENT = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2}))?$/;
/** Clocks differ a little. */
const AHEAD_MAX_MS = 5 * 60_000;

/** A consent as it was given, or what is wrong with it, each said with the field's name. */
export function readConsent(json: JsonObject, now: Date): GivenConsent | string[] {
  const purpose = readPurpose(json["purpose"]);
  const how = readHow(json["how"]);
  const givenAt = readMoment(json["given_at"], now);
  const problems = [
    ...(purpose === undefined
      ? ["purpose must be up to 40 lower-case letters, digits and hyphens, such as marketing"]
      : []),
    ...(how === undefined ? [`how must be a text of up to ${HOW_MAX_CHARACTERS} characters`] : []),
    ...(givenAt === undefined ? ["given_at must be a moment in the past, such as 2026-06-01T10:30:00Z"] : []),
    ...othersIn(json, ["purpose", "how", "given_at"]),
  ];
  if (problems.length > 0 || purpose === undefined || how === undefined || givenAt === undefined) return problems;
  return { purpose, how, givenAt };
}

/** A list of them; nothing given is none. */
export function readConsents(
  given: JsonValue | undefined,
  now: Date,
): { consents: GivenConsent[]; messages: string[] } {
  if (given === undefined || given === null) return { consents: [], messages: [] };
  if (!Array.isArray(given)) return { consents: [], messages: ["is not of type array"] };
  if (given.length > AT_ONCE_MAX) return { consents: [], messages: [`cannot have more than ${AT_ONCE_MAX} entries`] };
  const read = given.map((one) => (isJsonObject(one) ? readConsent(one, now) : ["is not of type object"]));
  return {
    consents: read.filter((one): one is GivenConsent => !Array.isArray(one)),
    messages: read.flatMap((one, at) => (Array.isArray(one) ? one.map((message) => `${at}: ${message}`) : [])),
  };
}

/** How it was taken back, or what is wrong. */
export function readWithdrawal(json: JsonObject): { how: string } | string[] {
  const how = readHow(json["how"]);
  const problems = [
    ...(how === undefined ? [`how must be a text of up to ${HOW_MAX_CHARACTERS} characters`] : []),
    ...othersIn(json, ["how"]),
  ];
  return problems.length > 0 || how === undefined ? problems : { how };
}

export function readPurpose(value: unknown): string | undefined {
  return typeof value === "string" && PURPOSE.test(value) ? value : undefined;
}

function othersIn(json: JsonObject, names: readonly string[]): string[] {
  const others = isJsonObject(json) ? Object.keys(json).filter((name) => !names.includes(name)) : [];
  return others.length > 0 ? [`Additional properties are not allowed (${others.sort().join(", ")})`] : [];
}

/** Nothing said is the empty text. */
function readHow(value: unknown): string | undefined {
  if (value === undefined || value === null) return "";
  if (typeof value !== "string" || value.length > HOW_MAX_CHARACTERS || UNSTORABLE.test(value)) return undefined;
  return value.trim();
}

function readMoment(value: unknown, now: Date): Date | undefined {
  if (value === undefined || value === null || value === "") return now;
  if (typeof value !== "string" || !MOMENT.test(value)) return undefined;
  const moment = new Date(value);
  const isPast = moment.getTime() <= now.getTime() + AHEAD_MAX_MS;
  return isPast ? moment : undefined;
}
