/** What a contact says yes to, and takes back. Each is a deed that the audit log counts by its purpose; the words stay sealed. */
import type { GivenConsent } from "../../core/contacts/consent.ts";
import { Refusal } from "../../core/refusal.ts";
import type { Tx } from "../../platform/db.ts";
import { insertConsents, listConsents, lockConsent, withdrawConsent } from "../../records/contacts/consent-store.ts";
import { findContact } from "../../records/contacts/contact-store.ts";
import { type Actor, recordDeed } from "../actor.ts";
import { type Keeper, notThere } from "./phonebook.ts";
import { type Owner, openWords, sealWords } from "./sealed-contacts.ts";
import { newConsent } from "./write-contacts.ts";

/** Of one contact, given and taken back. */
const CONSENTS_MAX = 100;

/** Whether it is new: one that stands already stays as it was given. */
export async function giveConsent(
  app: Keeper,
  actor: Actor,
  { service, contactId, consent }: { service: Owner; contactId: string; consent: GivenConsent },
): Promise<boolean> {
  return app.db.transaction(async (tx) => {
    await refuseUnknown(tx, service, contactId);
    if ((await listConsents(tx, [contactId])).length >= CONSENTS_MAX)
      throw new Refusal("bad-request", `A contact can have ${CONSENTS_MAX} consents at most`);
    const made = await insertConsents(tx, [newConsent(service, contactId, consent)]);
    if (made.length === 0) return false;
    const deed = { serviceId: service.id, action: "contact.consent-given", subject: `contact ${contactId}` };
    await recordDeed(tx, actor, { ...deed, after: { purpose: consent.purpose } });
    return true;
  });
}

export async function takeConsentBack(
  app: Keeper,
  actor: Actor,
  { service, contactId, purpose, how }: { service: Owner; contactId: string; purpose: string; how: string },
): Promise<void> {
  await app.db.transaction(async (tx) => {
    await refuseUnknown(tx, service, contactId);
    const standing = await lockConsent(tx, { contactId, purpose });
    if (!standing) throw notThere();
    const { id } = standing;
    const sealedWords = sealWords(service, id, { ...openWords(service, standing), withdrawnHow: how });
    await withdrawConsent(tx, { id, withdrawnAt: app.clock.now(), sealedWords });
    const deed = { serviceId: service.id, action: "contact.consent-withdrawn", subject: `contact ${contactId}` };
    await recordDeed(tx, actor, { ...deed, before: { purpose } });
  });
}

async function refuseUnknown(tx: Tx, service: Owner, id: string): Promise<void> {
  if (!(await findContact(tx, { serviceId: service.id, id }))) throw notThere();
}
