/** A contact in the shape of Messente's Phonebook API, both ways. Their four custom fields are fields of the service's own. */
import { readContact } from "../../../core/contacts/read-contact.ts";
import { isJsonObject, type JsonObject, type JsonValue } from "../../../core/json/json-value.ts";
import { type PhoneNumber, parsePhoneNumber } from "../../../core/phone/parse-phone-number.ts";
import { phoneProblemMessage } from "../../../core/phone/phone-problem-message.ts";
import type { ContactView } from "../../../flow/contacts/phonebook.ts";
import type { ContactWish } from "../../../flow/contacts/write-contacts.ts";
import { type Call, pathParameter } from "../http/call.ts";
import { InvalidRequest } from "../http/errors.ts";

/** Their names on the left, ours on the right. */
const NAMES = {
  phoneNumber: "phone_number",
  email: "email_address",
  firstName: "first_name",
  lastName: "last_name",
  company: "company",
  title: "title",
} as const;
const CUSTOM = ["custom", "custom2", "custom3", "custom4"] as const;

export function readTheirContact(body: JsonValue): Pick<ContactWish, "change"> {
  if (!isJsonObject(body)) throw new InvalidRequest(["The body is not a JSON object"]);
  const known = [...Object.keys(NAMES), ...CUSTOM];
  const unknown = Object.keys(body).filter((name) => !known.includes(name));
  const { change, problems } = readContact(inOurNames(body));
  const messages = [
    ...problems.map(({ field, problem }) => `${theirName(field)} ${problem}`),
    ...unknown.map((name) => `${name} is not known`),
  ];
  if (messages.length > 0) throw new InvalidRequest(messages);
  return { change };
}

function inOurNames(body: JsonObject): JsonObject {
  const plain = Object.entries(NAMES).flatMap(([theirs, ours]) => {
    const value = body[theirs];
    return value === undefined ? [] : [[ours, value] as const];
  });
  const custom = CUSTOM.flatMap((name) => {
    const value = body[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return {
    ...Object.fromEntries(plain),
    ...(custom.length > 0 ? { fields: Object.fromEntries(custom) } : {}),
  };
}

function theirName(field: string): string {
  const named = Object.entries(NAMES).find(([, ours]) => ours === field);
  return named?.[0] ?? field.replace(/^fields /, "");
}

export function presentTheirs(contact: ContactView) {
  const { number, emailAddress, firstName, lastName, company, title, fields } = contact;
  return {
    phoneNumber: number === undefined ? null : `+${number}`,
    email: emailAddress ?? null,
    firstName: firstName ?? null,
    lastName: lastName ?? null,
    company: company ?? null,
    title: title ?? null,
    ...Object.fromEntries(CUSTOM.map((name) => [name, fields[name] ?? null])),
  };
}

/** The number in a path. They put it there; what is logged is the path's pattern. */
export function numberInPath(call: Call): PhoneNumber {
  return readNumber(pathParameter(call, "phone"));
}

export function readNumber(text: string): PhoneNumber {
  const number = parsePhoneNumber(text);
  if (typeof number === "string") throw new InvalidRequest([`phoneNumber ${phoneProblemMessage(number)}`]);
  return number;
}
