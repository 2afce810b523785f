/** The bodies and queries of requests about contacts and their groups. */
import { type GivenConsent, readConsent, readConsents, readWithdrawal } from "../../../core/contacts/consent.ts";
import { CONTACT_NAMES, readContact } from "../../../core/contacts/read-contact.ts";
import { isJsonObject, type JsonObject, type JsonValue } from "../../../core/json/json-value.ts";
import type { ContactWish } from "../../../flow/contacts/write-contacts.ts";
import {
  type Checked,
  checkObject,
  fits,
  invalid,
  optional,
  required,
  schema,
  shown,
  valid,
  wrong,
} from "./checker.ts";
import { oneOf, storableText, uuid } from "./rules.ts";
import { emptyIfFalsy } from "./send-requests.ts";

export const MEMBERS_AT_ONCE_MAX = 1_000;
export const IMPORTED_AT_ONCE_MAX = 1_000;
const NAMES: readonly string[] = [...CONTACT_NAMES, "consents"];

const listSchema = schema({ older_than: optional(uuid), group_id: optional(uuid) });
const pageSchema = schema({ older_than: optional(uuid) });
const importSchema = schema({ group_id: optional(uuid) });
const contactsSchema = schema({ contacts: required(contactList) });
const nameSchema = schema({ name: required(storableText) });
const membersSchema = schema({ contact_ids: required(ids) });
const suppressionSchema = schema({ reason: optional(oneOf(["asked-to-stop", "by-hand"])) });

/** Somebody as a request says them, in full or in part. */
export function checkContact(body: JsonValue, now: Date): Checked<Pick<ContactWish, "change" | "consents">> {
  const json = emptyIfFalsy(body);
  if (!isJsonObject(json)) return invalid([`${shown(json)} is not of type object`]);
  const { change, problems } = readContact(json);
  const { consents, messages } = readConsents(Object.hasOwn(json, "consents") ? json["consents"] : undefined, now);
  const others = Object.keys(json).filter((name) => !NAMES.includes(name));
  const all = [
    ...problems.map(({ field, problem }) => `${field} ${problem}`),
    ...messages.map((message) => `consents ${message}`),
    ...unexpected(others),
  ];
  return all.length > 0 ? invalid(all) : valid({ change, consents });
}

function unexpected(names: readonly string[]): string[] {
  if (names.length === 0) return [];
  const list = names.toSorted().map(shown).join(", ");
  return [`Additional properties are not allowed (${list} ${names.length === 1 ? "was" : "were"} unexpected)`];
}

/** GET /v2/contacts. */
export function checkContactsQuery(
  query: URLSearchParams,
): Checked<{ older_than: string | undefined; group_id: string | undefined }> {
  return checkObject(firstOfEach(query), listSchema);
}

/** GET of groups, and of a group's members. */
export function checkPageQuery(query: URLSearchParams): Checked<{ older_than: string | undefined }> {
  return checkObject(firstOfEach(query), pageSchema);
}

/** POST /v2/contact-imports, and GET /v2/contacts.csv. */
export function checkImportQuery(query: URLSearchParams): Checked<{ group_id: string | undefined }> {
  return checkObject(firstOfEach(query), importSchema);
}

/** Contacts in JSON, each yet to be looked at. */
export function checkContactList(body: JsonValue): Checked<JsonObject[]> {
  const checked = checkObject(emptyIfFalsy(body), contactsSchema);
  return checked.kind === "invalid" ? checked : valid(checked.value.contacts);
}

function contactList(value: JsonValue) {
  if (!Array.isArray(value)) return wrong(`${shown(value)} is not of type array`);
  if (value.length === 0) return wrong("must have an entry");
  if (value.length > IMPORTED_AT_ONCE_MAX) return wrong(`cannot have more than ${IMPORTED_AT_ONCE_MAX} entries`);
  const objects = value.filter(isJsonObject);
  return objects.length === value.length ? fits(objects) : wrong("has an entry that is not of type object");
}

function firstOfEach(query: URLSearchParams): JsonObject {
  return Object.fromEntries([...new Set(query.keys())].map((name) => [name, query.get(name) ?? ""]));
}

export function checkGroupName(body: JsonValue): Checked<{ name: string }> {
  return checkObject(emptyIfFalsy(body), nameSchema);
}

export function checkMembers(body: JsonValue): Checked<{ contact_ids: string[] }> {
  return checkObject(emptyIfFalsy(body), membersSchema);
}

export function checkContactSuppression(body: JsonValue): Checked<{ reason: "asked-to-stop" | "by-hand" | undefined }> {
  return checkObject(emptyIfFalsy(body), suppressionSchema);
}

export function checkConsent(body: JsonValue, now: Date): Checked<GivenConsent> {
  const json = emptyIfFalsy(body);
  const read = isJsonObject(json) ? readConsent(json, now) : [`${shown(json)} is not of type object`];
  return Array.isArray(read) ? invalid(read) : valid(read);
}

export function checkWithdrawal(body: JsonValue): Checked<{ how: string }> {
  const json = emptyIfFalsy(body);
  const read = isJsonObject(json) ? readWithdrawal(json) : [`${shown(json)} is not of type object`];
  return Array.isArray(read) ? invalid(read) : valid(read);
}

function ids(value: JsonValue) {
  if (!Array.isArray(value)) return wrong(`${shown(value)} is not of type array`);
  if (value.length === 0) return wrong("must have an entry");
  if (value.length > MEMBERS_AT_ONCE_MAX) return wrong(`cannot have more than ${MEMBERS_AT_ONCE_MAX} entries`);
  const read = value.map((one) => uuid(one));
  const good = read.flatMap((one) => (one.kind === "fits" ? [one.value] : []));
  return good.length === read.length ? fits(good) : wrong("has an entry that is not a valid UUID");
}
