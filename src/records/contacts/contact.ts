/** Somebody a service knows, as the database keeps them. */
import type { Consent } from "../../core/contacts/consent.ts";
import type { ContactDetails } from "../../core/contacts/contact.ts";

export interface StoredContact {
  id: string;
  serviceId: string;
  numberIndex: Buffer | undefined;
  addressIndex: Buffer | undefined;
  sealedDetails: Buffer;
  createdAt: Date;
  updatedAt: Date;
}

/** The same, opened. */
export interface Contact extends ContactDetails {
  id: string;
  createdAt: Date;
  updatedAt: Date;
}

export interface StoredConsent {
  id: string;
  contactId: string;
  purpose: string;
  givenAt: Date;
  withdrawnAt: Date | undefined;
  sealedWords: Buffer;
}

/** Sealed with each consent. */
export type ConsentWords = Pick<Consent, "how" | "withdrawnHow">;

export interface ContactGroup {
  id: string;
  serviceId: string;
  name: string;
  createdAt: Date;
}

export interface CountedGroup extends ContactGroup {
  members: number;
}
