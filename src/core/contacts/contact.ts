/** Somebody a service knows: how they are reached, who they are, and whatever else the service keeps of them. */
import type { Position } from "../places/position.ts";
import { normaliseKey } from "../template/personalisation.ts";

export interface ContactDetails {
  /** E.164 without the plus. */
  number: string | undefined;
  /** As it was given. */
  emailAddress: string | undefined;
  firstName: string | undefined;
  lastName: string | undefined;
  company: string | undefined;
  title: string | undefined;
  addressLines: readonly string[];
  /** Preferred, as BCP 47 has it: `cy`. */
  language: string | undefined;
  /** Where they live, or are to be reached. */
  position: Position | undefined;
  /** The service's own, by the names it gave them. */
  fields: Readonly<Record<string, string>>;
}

/** What is to become of a contact: undefined leaves, null takes away. */
export type ContactChange = {
  [Name in Exclude<keyof ContactDetails, "fields">]?: ContactDetails[Name] | null;
} & { fields?: Readonly<Record<string, string | null>> };

export const FIELDS_MAX = 30;

export const NO_DETAILS: ContactDetails = {
  number: undefined,
  emailAddress: undefined,
  firstName: undefined,
  lastName: undefined,
  company: undefined,
  title: undefined,
  addressLines: [],
  language: undefined,
  position: undefined,
  fields: {},
};

const PLAIN = ["number", "emailAddress", "firstName", "lastName", "company", "title", "language"] as const;

/** changedContact({ …, firstName: "Ann" }, { firstName: null, fields: { Branch: "North" } }) */
export function changedContact(before: ContactDetails, change: ContactChange): ContactDetails {
  const after = { ...before };
  for (const name of PLAIN) {
    const value = change[name];
    if (value !== undefined) after[name] = value ?? undefined;
  }
  if (change.addressLines !== undefined) after.addressLines = change.addressLines ?? [];
  if (change.fields !== undefined) after.fields = changedFields(before.fields, change.fields);
  if (change.position !== undefined) after.position = change.position ?? undefined;
  return after;
}

/** A field keeps its place; one that is spelt anew has the new spelling. */
function changedFields(
  before: ContactDetails["fields"],
  change: Readonly<Record<string, string | null>>,
): ContactDetails["fields"] {
  const fields = new Map(Object.entries(before).map(([name, value]) => [normaliseKey(name), [name, value] as const]));
  for (const [name, value] of Object.entries(change)) {
    if (value === null) fields.delete(normaliseKey(name));
    else fields.set(normaliseKey(name), [name, value]);
  }
  return Object.fromEntries(fields.values());
}

export function isSameContact(a: ContactDetails, b: ContactDetails): boolean {
  return JSON.stringify(inOrder(a)) === JSON.stringify(inOrder(b));
}

function inOrder(details: ContactDetails) {
  const fields = Object.entries(details.fields).toSorted(([a], [b]) => (a < b ? -1 : 1));
  const where = [details.position?.latitude ?? null, details.position?.longitude ?? null];
  return [PLAIN.map((name) => details[name] ?? null), details.addressLines, where, fields];
}

/** What a contact would be refused for, whatever it was before; undefined: nothing. */
export function contactProblem(details: ContactDetails): string | undefined {
  if (details.number === undefined && details.emailAddress === undefined)
    return "phone_number or email_address is a required property";
  return Object.keys(details.fields).length > FIELDS_MAX ? `fields cannot have more than ${FIELDS_MAX}` : undefined;
}

/**
 * The values that a contact has for a template's placeholders, by the names they go by.
 *
 *     contactValues({ firstName: "Ann", fields: { Branch: "North" } }) → { "first name": "Ann", name: "Ann", Branch: "North", … }
 */
export function contactValues(details: ContactDetails): Record<string, string> {
  const { number, emailAddress, firstName, lastName, company, title, addressLines, fields } = details;
  const fullName = [firstName, lastName].filter((part) => part !== undefined).join(" ");
  const values: Record<string, string | undefined> = {
    "phone number": number && `+${number}`,
    "email address": emailAddress,
    "first name": firstName,
    "last name": lastName,
    name: fullName === "" ? undefined : fullName,
    company,
    title,
    ...Object.fromEntries(addressLines.map((line, at) => [`address line ${at + 1}`, line])),
    ...fields,
  };
  const there = Object.entries(values).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return Object.fromEntries(there);
}
