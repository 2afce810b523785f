/** The contacts of a service as people and systems work on them: one by one, a page at a time, or all of them. */
import type { Consent } from "../../core/contacts/consent.ts";
import { Refusal } from "../../core/refusal.ts";
import type { SuppressionReason } from "../../core/suppression/suppression-reason.ts";
import { listConsents } from "../../records/contacts/consent-store.ts";
import type { Contact, StoredContact } from "../../records/contacts/contact.ts";
import { listGroupsOf } from "../../records/contacts/contact-group-store.ts";
import {
  addToTotal,
  countContacts as countKept,
  deleteContact,
  findContact,
  listContacts,
  listContactsOf,
  lockContacts,
} from "../../records/contacts/contact-store.ts";
import type { Service } from "../../records/services/service.ts";
import { findSuppressed } from "../../records/suppressions/suppression-store.ts";
import { type Actor, recordDeed } from "../actor.ts";
import type { App } from "../app.ts";
import type { Recipient } from "../intake/send-request.ts";
import { addressIndexOf, numberIndexOf, type Owner, openConsent, openContact } from "./sealed-contacts.ts";
import { type ContactWish, NOT_THERE, type Written, writeContacts } from "./write-contacts.ts";

const READ_AT_ONCE = 500;

export type Keeper = Pick<App, "db" | "keys" | "clock">;
type Reader = Pick<App, "db">;

/** Somebody, with what else is known of them here. */
export interface ContactView extends Contact {
  groups: readonly { id: string; name: string }[];
  /** The oldest first, those that were taken back among them. */
  consents: readonly Consent[];
  /** Why nothing is sent to the number, or to the address. */
  suppressed: { sms: SuppressionReason | undefined; email: SuppressionReason | undefined };
}

/** The number or the address is another contact's. */
export class ContactTaken extends Refusal {
  constructor(problem: string, takenBy: string) {
    super("bad-request", problem, { details: { contact_id: takenBy } });
  }
}

/** Makes or changes one; refuses what cannot be. The audit log says that it was, and not who it is. */
export async function writeContact(
  app: Keeper,
  actor: Actor,
  { service, wish }: { service: Owner; wish: ContactWish },
): Promise<Exclude<Written, { kind: "refused" }>> {
  return app.db.transaction(async (tx) => {
    const [written] = await writeContacts(app, tx, { service, wishes: [wish] });
    if (!written) throw new Error("what became of a contact is not known");
    if (written.kind === "refused") throw refusalOf(written);
    if (written.kind === "unchanged") return written;
    const action = written.kind === "made" ? "contact.added" : "contact.changed";
    await recordDeed(tx, actor, { serviceId: service.id, action, subject: `contact ${written.id}` });
    return written;
  });
}

function refusalOf({ problem, takenBy }: Extract<Written, { kind: "refused" }>): Refusal {
  if (takenBy !== undefined) return new ContactTaken(problem, takenBy);
  return problem === NOT_THERE ? notThere() : new Refusal("bad-request", problem);
}

/** With groups, consents and all. Messages that were sent to them stay for as long as messages do. */
export async function removeContact(
  app: Keeper,
  actor: Actor,
  { service, id }: { service: Owner; id: string },
): Promise<void> {
  await app.db.transaction(async (tx) => {
    await lockContacts(tx, service.id);
    if (!(await deleteContact(tx, { serviceId: service.id, id }))) throw notThere();
    await addToTotal(tx, service.id, -1);
    await recordDeed(tx, actor, { serviceId: service.id, action: "contact.deleted", subject: `contact ${id}` });
  });
}

export async function getContact(app: Reader, service: Owner, id: string): Promise<ContactView> {
  const stored = await findContact(app.db, { serviceId: service.id, id });
  const [view] = stored ? await viewsOf(app, service, [stored]) : [];
  if (!view) throw notThere();
  return view;
}

/** Who has exactly this number or address. */
export async function findContactOf(
  app: Pick<App, "db" | "keys">,
  service: Owner,
  recipient: Recipient,
): Promise<ContactView | undefined> {
  const stored = await listContactsOf(app.db, {
    serviceId: service.id,
    numberIndexes: recipient.channel === "sms" ? [numberIndexOf(app, recipient.number.digits)] : [],
    addressIndexes: recipient.channel === "email" ? [addressIndexOf(app, recipient.address.asSubmitted)] : [],
  });
  const [view] = await viewsOf(app, service, stored);
  return view;
}

export function countContacts(app: Reader, { id }: Pick<Service, "id">): Promise<number> {
  return countKept(app.db, id);
}

export interface PhonebookPage {
  groupId?: string | undefined;
  olderThan?: string | undefined;
  limit: number;
}

/** The newest first. */
export async function readContacts(app: Reader, service: Owner, page: PhonebookPage): Promise<ContactView[]> {
  return viewsOf(app, service, await listContacts(app.db, { serviceId: service.id, ...page }));
}

/** All of them, or all of a group, some at a time. */
export async function* readAllContacts(app: Reader, service: Owner, groupId?: string): AsyncGenerator<ContactView[]> {
  let olderThan: string | undefined;
  do {
    const page = await readContacts(app, service, { groupId, olderThan, limit: READ_AT_ONCE });
    yield page;
    olderThan = page.length === READ_AT_ONCE ? page.at(-1)?.id : undefined;
  } while (olderThan !== undefined);
}

/** That a table of them was taken away is a deed: personal data left the house. */
export async function recordExport(app: Pick<App, "db">, actor: Actor, service: Pick<Service, "id">): Promise<void> {
  const deed = { serviceId: service.id, action: "contacts.exported", subject: "contacts" };
  await app.db.transaction((tx) => recordDeed(tx, actor, deed));
}

/** Three statements for a page of any size. */
async function viewsOf({ db }: Reader, service: Owner, stored: readonly StoredContact[]): Promise<ContactView[]> {
  if (stored.length === 0) return [];
  const ids = stored.map(({ id }) => id);
  const [groups, consents, suppressed] = await Promise.all([
    listGroupsOf(db, ids),
    listConsents(db, ids),
    findSuppressed(db, stored.flatMap(recipientsOf)),
  ]);
  const reasons = new Map(
    suppressed
      .filter(({ serviceId }) => serviceId === service.id)
      .map(({ channel, recipientIndex, reason }) => [`${channel} ${recipientIndex.toString("hex")}`, reason]),
  );
  const reasonOf = (channel: "sms" | "email", index: Buffer | undefined) =>
    index && reasons.get(`${channel} ${index.toString("hex")}`);
  return stored.map((one) => ({
    ...openContact(service, one),
    groups: groups.filter(({ contactId }) => contactId === one.id).map(({ id, name }) => ({ id, name })),
    consents: consents.filter(({ contactId }) => contactId === one.id).map((consent) => openConsent(service, consent)),
    suppressed: { sms: reasonOf("sms", one.numberIndex), email: reasonOf("email", one.addressIndex) },
  }));
}

function recipientsOf({ serviceId, numberIndex, addressIndex }: StoredContact) {
  return [
    ...(numberIndex ? [{ serviceId, channel: "sms" as const, recipientIndex: numberIndex }] : []),
    ...(addressIndex ? [{ serviceId, channel: "email" as const, recipientIndex: addressIndex }] : []),
  ];
}

export function notThere(): Refusal {
  return new Refusal("not-found", NOT_THERE);
}
