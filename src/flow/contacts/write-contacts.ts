/**
 * Makes and changes contacts, many at a time, in the order in which they are wished for. A service has one contact for each number and
 * each address: whoever is named by one that is known is changed, and nobody comes to be there twice.
 */
import type { GivenConsent } from "../../core/contacts/consent.ts";
import {
  type ContactChange,
  changedContact,
  contactProblem,
  isSameContact,
  NO_DETAILS,
} from "../../core/contacts/contact.ts";
import type { Tx } from "../../platform/db.ts";
import { newId } from "../../platform/ids.ts";
import { insertConsents } from "../../records/contacts/consent-store.ts";
import type { Contact, StoredConsent } from "../../records/contacts/contact.ts";
import {
  addToTotal,
  findContact,
  insertContacts,
  listContactsOf,
  lockContacts,
  updateContacts,
} from "../../records/contacts/contact-store.ts";
import type { App } from "../app.ts";
import {
  addressIndexOf,
  normalisedAddress,
  numberIndexOf,
  type Owner,
  openContact,
  sealContact,
  sealWords,
} from "./sealed-contacts.ts";

export interface ContactWish {
  change: ContactChange;
  consents?: readonly GivenConsent[];
  /** That contact and no other; it must be there. */
  id?: string;
  /** Refused where somebody has the number or the address. */
  isNew?: boolean;
}

export type Written =
  | { kind: "made" | "changed" | "unchanged"; id: string }
  /** `takenBy` has the number or the address. */
  | { kind: "refused"; problem: string; takenBy?: string };

/** Of a contact that is named by its id. */
export const NOT_THERE = "No result found";

type Keeper = Pick<App, "keys" | "clock">;

/** What becomes of each. Those that are refused leave no trace; the caller may still roll all back. */
export async function writeContacts(
  app: Keeper,
  tx: Tx,
  { service, wishes }: { service: Owner; wishes: readonly ContactWish[] },
): Promise<Written[]> {
  const { contacts, contactsMax } = await lockContacts(tx, service.id);
  const book = await openBook(app, tx, { service, wishes });
  const room = { left: Math.max(0, contactsMax - contacts), contactsMax };
  const now = app.clock.now();
  const written = wishes.map((wish) => writeOne(book, wish, { room, now }));
  const known = [...book.touched];
  await updateContacts(
    tx,
    known.filter(({ isMade }) => !isMade).map(({ contact }) => sealContact(app, service, contact)),
  );
  const made = known.filter(({ isMade }) => isMade);
  await insertContacts(
    tx,
    made.map(({ contact }) => sealContact(app, service, contact)),
  );
  await addToTotal(tx, service.id, made.length);
  return writeConsents(tx, { service, wishes, written });
}

interface Known {
  contact: Contact;
  isMade: boolean;
}

interface Book {
  byId: Map<string, Known>;
  byNumber: Map<string, Known>;
  byAddress: Map<string, Known>;
  touched: Set<Known>;
}

/** Everybody that the wishes may be about. */
async function openBook(
  app: Keeper,
  tx: Tx,
  { service, wishes }: { service: Owner; wishes: readonly ContactWish[] },
): Promise<Book> {
  const changes = wishes.map(({ change }) => change);
  const stored = await listContactsOf(tx, {
    serviceId: service.id,
    numberIndexes: changes.flatMap(({ number }) => (number ? [numberIndexOf(app, number)] : [])),
    addressIndexes: changes.flatMap(({ emailAddress }) => (emailAddress ? [addressIndexOf(app, emailAddress)] : [])),
  });
  for (const { id } of wishes) {
    const named = id === undefined ? undefined : await findContact(tx, { serviceId: service.id, id });
    if (named && !stored.some((one) => one.id === id)) stored.push(named);
  }
  const book: Book = { byId: new Map(), byNumber: new Map(), byAddress: new Map(), touched: new Set() };
  for (const one of stored) enter(book, { contact: openContact(service, one), isMade: false });
  return book;
}

function enter(book: Book, known: Known): void {
  const { id, number, emailAddress } = known.contact;
  book.byId.set(id, known);
  if (number !== undefined) book.byNumber.set(number, known);
  if (emailAddress !== undefined) book.byAddress.set(normalisedAddress(emailAddress), known);
}

function takeOut(book: Book, { contact: { number, emailAddress } }: Known): void {
  if (number !== undefined) book.byNumber.delete(number);
  if (emailAddress !== undefined) book.byAddress.delete(normalisedAddress(emailAddress));
}

interface Circumstances {
  room: { left: number; contactsMax: number };
  now: Date;
}

function writeOne(book: Book, wish: ContactWish, circumstances: Circumstances): Written {
  const { number, emailAddress } = wish.change;
  const byNumber = number ? book.byNumber.get(number) : undefined;
  const byAddress = emailAddress ? book.byAddress.get(normalisedAddress(emailAddress)) : undefined;
  const named = namedBy(book, wish, byNumber ?? byAddress);
  if (byNumber && byNumber !== named) return taken("phone_number", byNumber);
  if (byAddress && byAddress !== named) return taken("email_address", byAddress);
  if (named) return change(book, named, { change: wish.change, now: circumstances.now });
  return wish.id === undefined ? make(book, wish.change, circumstances) : { kind: "refused", problem: NOT_THERE };
}

function namedBy({ byId }: Book, { id, isNew }: ContactWish, found: Known | undefined): Known | undefined {
  if (id !== undefined) return byId.get(id);
  return isNew ? undefined : found;
}

function make(book: Book, wished: ContactChange, { room, now }: Circumstances): Written {
  const details = changedContact(NO_DETAILS, wished);
  const problem = contactProblem(details) ?? (room.left === 0 ? full(room.contactsMax) : undefined);
  if (problem !== undefined) return { kind: "refused", problem };
  room.left -= 1;
  const made = { contact: { ...details, id: newId(), createdAt: now, updatedAt: now }, isMade: true };
  enter(book, made);
  book.touched.add(made);
  return { kind: "made", id: made.contact.id };
}

function change(book: Book, known: Known, { change, now }: { change: ContactChange; now: Date }): Written {
  const { id, createdAt, updatedAt: _, ...before } = known.contact;
  const after = changedContact(before, change);
  const problem = contactProblem(after);
  if (problem !== undefined) return { kind: "refused", problem };
  if (isSameContact(before, after)) return { kind: "unchanged", id };
  takeOut(book, known);
  known.contact = { ...after, id, createdAt, updatedAt: now };
  enter(book, known);
  book.touched.add(known);
  return { kind: "changed", id };
}

function taken(field: string, { contact }: Known): Written {
  return { kind: "refused", problem: `${field} is that of another contact`, takenBy: contact.id };
}

function full(contactsMax: number): string {
  return `The service has as many contacts as it may have (${contactsMax})`;
}

/** Somebody who has said yes to something new has changed. */
async function writeConsents(
  tx: Tx,
  { service, wishes, written }: { service: Owner; wishes: readonly ContactWish[]; written: readonly Written[] },
): Promise<Written[]> {
  const consents = wishes.flatMap(({ consents: given = [] }, at) => {
    const one = written[at];
    return one && one.kind !== "refused" ? given.map((consent) => newConsent(service, one.id, consent)) : [];
  });
  const made = new Set(await insertConsents(tx, consents));
  const changed = new Set(consents.filter(({ id }) => made.has(id)).map(({ contactId }) => contactId));
  return written.map((one) => (one.kind === "unchanged" && changed.has(one.id) ? { ...one, kind: "changed" } : one));
}

export function newConsent(service: Owner, contactId: string, { purpose, givenAt, how }: GivenConsent): StoredConsent {
  const id = newId();
  const sealedWords = sealWords(service, id, { how, withdrawnHow: undefined });
  return { id, contactId, purpose, givenAt, withdrawnAt: undefined, sealedWords };
}
