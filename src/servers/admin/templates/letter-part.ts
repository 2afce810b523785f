/** What the editor asks about a letter beside its words: how it is posted, whom it is from, and whether it speaks Welsh first. */
import { HOME_POSTAGES, type HomePostage } from "../../../core/letter/postage.ts";
import { findLetterAttachment } from "../../../records/letters/letter-attachment-store.ts";
import { listLetterContacts } from "../../../records/senders/letter-contact-store.ts";
import { asId } from "../http/ids.ts";
import type { ServiceVisit } from "../http/visit.ts";
import type { Written } from "./written.ts";

export interface LetterPart {
  postages: readonly { value: HomePostage; text: string }[];
  contacts: readonly Contact[];
  /** Where addresses are looked after, for those who may. */
  contactsUrl: string | undefined;
  isBilingual: boolean;
  /** Pages that are shown behind what is typed, for the preview to find. */
  attachmentId: string | undefined;
}

interface Contact {
  /** The address itself: a template keeps a copy of it. */
  value: string;
  lines: readonly string[];
  isChosen: boolean;
}

export async function letterPart(
  visit: ServiceVisit,
  { values, isBilingual }: Written,
  attachmentId: string | undefined,
): Promise<LetterPart> {
  const { service, text, may } = visit;
  return {
    postages: HOME_POSTAGES.map((value) => ({ value, text: text(`letter.postage.${value}`) })),
    contacts: await contactsFor(visit, values.contactBlock),
    contactsUrl: may("manage_service") ? `/services/${service.id}/settings/letter-contacts` : undefined,
    isBilingual,
    attachmentId,
  };
}

/** The attached pages that a form names, if they are the service's. */
export async function attachmentNamed({ app, service }: ServiceVisit, typed: string): Promise<string | undefined> {
  const id = asId(typed);
  return id && (await findLetterAttachment(app.db, { serviceId: service.id, id }))?.id;
}

/** None, those that are kept, and the one that the template has, wherever it is from. */
async function contactsFor({ app, service }: ServiceVisit, chosen: string): Promise<Contact[]> {
  const kept = (await listLetterContacts(app.db, service.id)).map(({ contactBlock }) => contactBlock);
  const all = [...new Set(["", ...kept, chosen])];
  return all.map((value) => ({ value, lines: value.split("\n"), isChosen: value === chosen }));
}

/** What the address of a new letter template is, until its author chooses another. */
export async function defaultContactBlock({ app, service }: ServiceVisit): Promise<string | undefined> {
  const contacts = await listLetterContacts(app.db, service.id);
  return contacts.find(({ isDefault }) => isDefault)?.contactBlock;
}
