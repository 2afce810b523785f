/** Contacts sealed for the database, and opened. */
import type { Consent } from "../../core/contacts/consent.ts";
import { type ContactDetails, NO_DETAILS } from "../../core/contacts/contact.ts";
import { blindIndex, open, seal } from "../../platform/sealing.ts";
import type { ConsentWords, Contact, StoredConsent, StoredContact } from "../../records/contacts/contact.ts";
import type { Service } from "../../records/services/service.ts";
import { sealedAt } from "../../records/services/service-store.ts";
import type { App } from "../app.ts";

export type Owner = Pick<Service, "id" | "dataKey">;

export function sealContact(app: Pick<App, "keys">, service: Owner, contact: Contact): StoredContact {
  const { id, createdAt, updatedAt, ...details } = contact;
  const { number, emailAddress } = details;
  return {
    ...{ id, serviceId: service.id, createdAt, updatedAt },
    numberIndex: number === undefined ? undefined : numberIndexOf(app, number),
    addressIndex: emailAddress === undefined ? undefined : addressIndexOf(app, emailAddress),
    sealedDetails: seal({ key: service.dataKey, belongsTo: sealedAt.contact(id) }, JSON.stringify(details)),
  };
}

export function openContact({ dataKey: key }: Pick<Owner, "dataKey">, stored: StoredContact): Contact {
  const { id, createdAt, updatedAt, sealedDetails } = stored;
  const opened = open({ key, belongsTo: sealedAt.contact(id) }, sealedDetails).toString();
  return { ...NO_DETAILS, ...(JSON.parse(opened) as ContactDetails), id, createdAt, updatedAt };
}

/** The same indexes that messages and the suppression list are found by. */
export function numberIndexOf({ keys }: Pick<App, "keys">, digits: string): Buffer {
  return blindIndex(keys.searchIndex, digits);
}

export function addressIndexOf({ keys }: Pick<App, "keys">, address: string): Buffer {
  return blindIndex(keys.searchIndex, normalisedAddress(address));
}

/** What two spellings of one address have in common. */
export function normalisedAddress(address: string): string {
  return address.toLowerCase();
}

export function sealWords({ dataKey: key }: Pick<Owner, "dataKey">, id: string, words: ConsentWords): Buffer {
  return seal({ key, belongsTo: sealedAt.consent(id) }, JSON.stringify(words));
}

export function openConsent(service: Pick<Owner, "dataKey">, stored: StoredConsent): Consent {
  const { purpose, givenAt, withdrawnAt } = stored;
  return { purpose, givenAt, withdrawnAt, ...openWords(service, stored) };
}

export function openWords({ dataKey: key }: Pick<Owner, "dataKey">, { id, sealedWords }: StoredConsent): ConsentWords {
  return JSON.parse(open({ key, belongsTo: sealedAt.consent(id) }, sealedWords).toString()) as ConsentWords;
}
