/** `/services/:sid/settings/letter-contacts`: the addresses that a service's letters can be from. */
import { Refusal } from "../../../core/refusal.ts";
import { removeLetterContact, saveLetterContact } from "../../../flow/services/letter-contacts.ts";
import { type LetterContact, listLetterContacts } from "../../../records/senders/letter-contact-store.ts";
import { listTemplatesPrinting } from "../../../records/templates/template-page-store.ts";
import { actorOf } from "../http/actor.ts";
import { type Answer, redirect } from "../http/answer.ts";
import { type Form, formOf, readFields, submit } from "../http/form.ts";
import { idIn } from "../http/ids.ts";
import { page } from "../http/page.ts";
import { type Route, route } from "../http/route.ts";
import type { ServiceVisit } from "../http/visit.ts";
import { authorOf } from "../templates/who.ts";

const FIELDS = ["contactBlock", "isDefault", "changesTemplates"] as const;
type Field = (typeof FIELDS)[number];

interface ContactsPage {
  serviceId: string;
  contacts: readonly (LetterContact & { lines: readonly string[] })[];
  hasDefault: boolean;
  mayChange: boolean;
}

interface ContactPage {
  serviceId: string;
  contact: LetterContact | undefined;
  form: Form<Field>;
  /** How many templates print it. */
  uses: number;
}

const showContacts = page<ContactsPage>("settings/letter-contacts.njk");
const showContact = page<ContactPage>("settings/letter-contact.njk");
const showRemove = page<{
  serviceId: string;
  contact: LetterContact;
  lines: readonly string[];
  uses: number;
}>("settings/remove-letter-contact.njk");

const CONTACTS = "/services/:sid/settings/letter-contacts";
const reader = { permission: ["manage_service", "manage_api_keys"] } as const;
const who = { permission: "manage_service" } as const;

export const letterContactRoutes: readonly Route[] = [
  route({ method: "GET", url: CONTACTS, who: reader, handler: list }),
  route({ method: "GET", url: `${CONTACTS}/add`, who, handler: askForNew }),
  route({ method: "POST", url: `${CONTACTS}/add`, who, handler: (visit) => save(visit, undefined) }),
  route({ method: "GET", url: `${CONTACTS}/:id`, who, handler: askForChange }),
  route({
    method: "POST",
    url: `${CONTACTS}/:id`,
    who,
    handler: async (visit) => save(visit, await getContact(visit)),
  }),
  route({ method: "GET", url: `${CONTACTS}/:id/remove`, who, handler: askToRemove }),
  route({ method: "POST", url: `${CONTACTS}/:id/remove`, who, handler: remove }),
];

async function list(visit: ServiceVisit): Promise<Answer> {
  const { app, service, may } = visit;
  const contacts = await listLetterContacts(app.db, service.id);
  return showContacts(visit, {
    serviceId: service.id,
    contacts: contacts.map((contact) => ({ ...contact, lines: linesOf(contact) })),
    hasDefault: contacts.some(({ isDefault }) => isDefault),
    mayChange: may("manage_service"),
  });
}

function linesOf({ contactBlock }: LetterContact): string[] {
  return contactBlock.split("\n");
}

async function askForNew(visit: ServiceVisit): Promise<Answer> {
  const isFirst = (await listLetterContacts(visit.app.db, visit.service.id)).length === 0;
  return show(visit, undefined, formOf({ contactBlock: "", isDefault: isFirst ? "yes" : "", changesTemplates: "" }));
}

async function askForChange(visit: ServiceVisit): Promise<Answer> {
  const contact = await getContact(visit);
  const { contactBlock, isDefault } = contact;
  return show(visit, contact, formOf({ contactBlock, isDefault: isDefault ? "yes" : "", changesTemplates: "" }));
}

async function show(visit: ServiceVisit, contact: LetterContact | undefined, form: Form<Field>): Promise<Answer> {
  const uses = contact ? await countUses(visit, contact) : 0;
  return showContact(visit, { serviceId: visit.service.id, contact, form, uses });
}

async function countUses({ app, service }: ServiceVisit, { contactBlock }: LetterContact): Promise<number> {
  return (await listTemplatesPrinting(app.db, service.id, contactBlock)).length;
}

async function save(visit: ServiceVisit, known: LetterContact | undefined): Promise<Answer> {
  const { app, service, text } = visit;
  const values = readFields(visit, FIELDS);
  return submit({
    values,
    refusedAt: "contactBlock",
    act: async () => {
      await saveLetterContact(app, authorOf(visit), {
        ...{ serviceId: service.id, id: known?.id, contactBlock: values.contactBlock },
        ...{ isDefault: values.isDefault === "yes", changesTemplates: values.changesTemplates === "yes" },
      });
      return redirect(contactsOf(visit), { flash: text("settings.saved") });
    },
    showAgain: (form) => show(visit, known, form),
  });
}

async function askToRemove(visit: ServiceVisit): Promise<Answer> {
  const contact = await getContact(visit);
  const uses = await countUses(visit, contact);
  return showRemove(visit, { serviceId: visit.service.id, contact, lines: linesOf(contact), uses });
}

async function remove(visit: ServiceVisit): Promise<Answer> {
  const { app, service, text } = visit;
  const { id } = await getContact(visit);
  await removeLetterContact(app, actorOf(visit), { serviceId: service.id, id });
  return redirect(contactsOf(visit), { flash: text("settings.letterContacts.removed") });
}

async function getContact(visit: ServiceVisit): Promise<LetterContact> {
  const id = idIn(visit, "id");
  const contact = (await listLetterContacts(visit.app.db, visit.service.id)).find((one) => one.id === id);
  if (!contact) throw new Refusal("not-found", "There is no such address");
  return contact;
}

function contactsOf({ service }: ServiceVisit): string {
  return `/services/${service.id}/settings/letter-contacts`;
}
