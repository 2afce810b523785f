/** Contacts as the table that people take away; what it is for can be brought in again as it is. */
import type { Consent } from "./consent.ts";
import type { ContactDetails } from "./contact.ts";

const ADDRESS_LINES = [1, 2, 3, 4, 5, 6, 7] as const;

export type TableContact = ContactDetails & {
  groups: readonly { name: string }[];
  consents: readonly Consent[];
  suppressed: { sms: string | undefined; email: string | undefined };
  createdAt: Date;
  updatedAt: Date;
};

/** Its heads; fields of the service's own come last, under the names that are given. */
export function contactHeads(fieldNames: readonly string[]): string[] {
  return [
    ...["Phone number", "Email address", "First name", "Last name", "Company", "Title", "Language"],
    ...["Latitude", "Longitude"],
    ...ADDRESS_LINES.map((line) => `Address line ${line}`),
    ...["Groups", "Consents", "Suppressed", "Added", "Changed"],
    ...fieldNames,
  ];
}

export function contactCells(contact: TableContact, fieldNames: readonly string[]): (string | number)[] {
  const { number, emailAddress, addressLines, suppressed } = contact;
  const standing = contact.consents.filter(({ withdrawnAt }) => withdrawnAt === undefined);
  return [
    ...[number === undefined ? "" : `+${number}`, emailAddress ?? "", contact.firstName ?? "", contact.lastName ?? ""],
    ...[contact.company ?? "", contact.title ?? "", contact.language ?? ""],
    ...[contact.position?.latitude ?? "", contact.position?.longitude ?? ""],
    ...ADDRESS_LINES.map((line) => addressLines[line - 1] ?? ""),
    contact.groups.map(({ name }) => name).join("; "),
    standing.map(({ purpose, givenAt }) => `${purpose} ${givenAt.toISOString()}`).join("; "),
    [suppressed.sms && `sms: ${suppressed.sms}`, suppressed.email && `email: ${suppressed.email}`]
      .filter(Boolean)
      .join("; "),
    contact.createdAt.toISOString(),
    contact.updatedAt.toISOString(),
    ...fieldNames.map((name) => contact.fields[name] ?? ""),
  ];
}
