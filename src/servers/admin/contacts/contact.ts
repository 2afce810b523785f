/** `/services/:sid/contacts/:cid`: one contact, what they have said yes to, and whether anything is sent to them. */
import { readConsent } from "../../../core/contacts/consent.ts";
import { formatForPeople } from "../../../core/phone/format-phone-number.ts";
import { giveConsent, takeConsentBack } from "../../../flow/contacts/consents.ts";
import { releaseContact, suppressContact } from "../../../flow/contacts/contact-suppression.ts";
import { type ContactView, getContact, removeContact } from "../../../flow/contacts/phonebook.ts";
import { actorOf } from "../http/actor.ts";
import { type Answer, redirect } from "../http/answer.ts";
import { type Form, formOf, InvalidFields, readFields, submit } from "../http/form.ts";
import { idIn } from "../http/ids.ts";
import { page } from "../http/page.ts";
import { type Route, route } from "../http/route.ts";
import type { ServiceVisit } from "../http/visit.ts";
import { nameOf } from "./contact-list.ts";
import { CONTACTS, contactsPath, MAY_CHANGE, MAY_SEE } from "./paths.ts";

type ConsentField = "purpose" | "how";

interface ContactPage {
  base: string;
  url: string;
  name: string;
  contact: ContactView;
  number: string | undefined;
  /** Why nothing is sent there, in words. */
  suppressed: readonly string[];
  mayChange: boolean;
  form: Form<ConsentField>;
}

const ONE = `${CONTACTS}/:cid`;
const showContact = page<ContactPage>("contacts/contact.njk");
export const showDelete = page<{ url: string; words: { back: string; title: string; explain: string } }>(
  "contacts/delete.njk",
);

export const contactRoutes: readonly Route[] = [
  route({ method: "GET", url: ONE, who: MAY_SEE, handler: open }),
  route({ method: "GET", url: `${ONE}/delete`, who: MAY_CHANGE, handler: askToDelete }),
  route({ method: "POST", url: `${ONE}/delete`, who: MAY_CHANGE, handler: remove }),
  route({ method: "POST", url: `${ONE}/consents`, who: MAY_CHANGE, handler: addConsent }),
  route({ method: "POST", url: `${ONE}/withdrawal`, who: MAY_CHANGE, handler: withdraw }),
  route({ method: "POST", url: `${ONE}/suppression`, who: MAY_CHANGE, handler: suppress }),
  route({ method: "POST", url: `${ONE}/release`, who: MAY_CHANGE, handler: release }),
];

async function open(visit: ServiceVisit): Promise<Answer> {
  return show(visit, formOf({ purpose: "", how: "" }));
}

async function show(visit: ServiceVisit, form: Form<ConsentField>): Promise<Answer> {
  const { app, service, may, text } = visit;
  const contact = await getContact(app, service, idIn(visit, "cid"));
  const { sms, email } = contact.suppressed;
  return showContact(visit, {
    ...{ base: contactsPath(visit), url: pathOf(visit), name: nameOf(contact), contact, form },
    number: contact.number === undefined ? undefined : formatForPeople(contact.number),
    suppressed: [
      ...(sms ? [text("contacts.suppressed.sms", { reason: text(`suppressions.reason.${sms}`) })] : []),
      ...(email ? [text("contacts.suppressed.email", { reason: text(`suppressions.reason.${email}`) })] : []),
    ],
    mayChange: may("manage_service"),
  });
}

function pathOf(visit: ServiceVisit): string {
  return `${contactsPath(visit)}/${idIn(visit, "cid")}`;
}

async function askToDelete(visit: ServiceVisit): Promise<Answer> {
  const { app, service, text } = visit;
  const contact = await getContact(app, service, idIn(visit, "cid"));
  const explain = text("contacts.delete.explain", { name: nameOf(contact) });
  const words = { back: text("contacts.back"), title: text("contacts.delete.title"), explain };
  return showDelete(visit, { url: pathOf(visit), words });
}

async function remove(visit: ServiceVisit): Promise<Answer> {
  const { app, service, text } = visit;
  await removeContact(app, actorOf(visit), { service, id: idIn(visit, "cid") });
  return redirect(contactsPath(visit), { flash: text("contacts.deleted") });
}

async function addConsent(visit: ServiceVisit): Promise<Answer> {
  const { app, service, text } = visit;
  const contactId = idIn(visit, "cid");
  const values = readFields(visit, ["purpose", "how"]);
  return submit({
    values,
    refusedAt: "purpose",
    act: async () => {
      const consent = readConsent({ ...values, purpose: values.purpose.trim() }, app.clock.now());
      if (Array.isArray(consent)) throw new InvalidFields(consentErrors(visit, consent));
      await giveConsent(app, actorOf(visit), { service, contactId, consent });
      return redirect(pathOf(visit), { flash: text("contacts.consent.given") });
    },
    showAgain: (form) => show(visit, form),
  });
}

function consentErrors({ text }: ServiceVisit, problems: readonly string[]) {
  const isPurpose = problems.some((problem) => problem.startsWith("purpose"));
  return isPurpose ? { purpose: text("contacts.consent.purpose.wrong") } : { how: text("contacts.consent.how.wrong") };
}

async function withdraw(visit: ServiceVisit): Promise<Answer> {
  const { app, service, text, visitor } = visit;
  const { purpose } = readFields(visit, ["purpose"]);
  const how = text("contacts.consent.withdrawnBy", { name: visitor.name });
  await takeConsentBack(app, actorOf(visit), { service, contactId: idIn(visit, "cid"), purpose, how });
  return redirect(pathOf(visit), { flash: text("contacts.consent.withdrawn") });
}

async function suppress(visit: ServiceVisit): Promise<Answer> {
  const { app, service, text, visitor } = visit;
  const source = { kind: "user", id: visitor.userId } as const;
  await suppressContact(app, actorOf(visit), { service, id: idIn(visit, "cid"), reason: "by-hand", source });
  return redirect(pathOf(visit), { flash: text("contacts.suppressed.done") });
}

async function release(visit: ServiceVisit): Promise<Answer> {
  const { app, service, text } = visit;
  await releaseContact(app, actorOf(visit), { service, id: idIn(visit, "cid") });
  return redirect(pathOf(visit), { flash: text("contacts.released") });
}
