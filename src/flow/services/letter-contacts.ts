/** The addresses that a service's letters are from, kept once so that nobody types them into every template. */
import { Refusal } from "../../core/refusal.ts";
import type { Tx } from "../../platform/db.ts";
import { newId } from "../../platform/ids.ts";
import {
  archiveLetterContact,
  insertLetterContact,
  type LetterContact,
  listLetterContacts,
  updateLetterContact,
} from "../../records/senders/letter-contact-store.ts";
import { type Actor, recordDeed } from "../actor.ts";
import type { App } from "../app.ts";
import { refuseProblems } from "../form-refusal.ts";
import { contactBlockProblems, tidyContactBlock } from "../templates/contact-block.ts";
import { type Author, changeContactBlocks } from "../templates/edit-template.ts";

/** More than a service has offices; each is offered to whoever writes a template. */
const CONTACTS_MAX = 100;

export interface LetterContactWish {
  serviceId: string;
  /** Undefined for a new one. */
  id?: string | undefined;
  contactBlock: string;
  /** One that says so is the default from now on; the default that does not is none any more. */
  isDefault: boolean;
  /** Also in the templates that print it as it was. */
  changesTemplates?: boolean;
}

/** Answers its id. */
export async function saveLetterContact(
  app: Pick<App, "db">,
  author: Author,
  wish: LetterContactWish,
): Promise<string> {
  const { serviceId, isDefault, changesTemplates = false } = wish;
  const contactBlock = tidyContactBlock(wish.contactBlock);
  refuseProblems(contactBlockProblems(contactBlock));
  const after = { id: wish.id ?? newId(), contactBlock, isDefault };
  await app.db.transaction(async (tx) => {
    const before = await findForChange(tx, serviceId, wish.id);
    if (before) await updateLetterContact(tx, serviceId, after);
    else await insertLetterContact(tx, serviceId, after);
    const change = { before: before && { ...before }, after };
    await recordDeed(tx, author, { serviceId, action: "letter-contact.saved", subject: firstLine(after), ...change });
    if (before && changesTemplates)
      await changeContactBlocks(tx, author, { serviceId, from: before.contactBlock, to: contactBlock });
  });
  return after.id;
}

/** Templates that were written with it go on printing it. */
export async function removeLetterContact(
  app: Pick<App, "db">,
  actor: Actor,
  { serviceId, id }: { serviceId: string; id: string },
): Promise<void> {
  await app.db.transaction(async (tx) => {
    const before = await findForChange(tx, serviceId, id);
    if (!before) return;
    await archiveLetterContact(tx, id);
    const subject = firstLine(before);
    await recordDeed(tx, actor, { serviceId, action: "letter-contact.removed", subject, before: { ...before } });
  });
}

async function findForChange(tx: Tx, serviceId: string, id: string | undefined): Promise<LetterContact | undefined> {
  const all = await listLetterContacts(tx, serviceId);
  if (id === undefined) {
    if (all.length < CONTACTS_MAX) return undefined;
    throw new Refusal("bad-request", `A service can keep ${CONTACTS_MAX} addresses; remove one first`);
  }
  const contact = all.find((one) => one.id === id);
  if (!contact) throw new Refusal("not-found", "It is not there, or has been removed");
  return contact;
}

function firstLine({ contactBlock }: LetterContact): string {
  return contactBlock.split("\n")[0] ?? "";
}
