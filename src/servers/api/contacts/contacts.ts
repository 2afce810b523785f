/** /v2/contacts: people the service knows, how to reach them, and what they have said yes to. */
import { readPurpose } from "../../../core/contacts/consent.ts";
import { giveConsent, takeConsentBack } from "../../../flow/contacts/consents.ts";
import { releaseContact, suppressContact } from "../../../flow/contacts/contact-suppression.ts";
import {
  findContactOf,
  getContact as getKept,
  readContacts,
  removeContact,
  writeContact,
} from "../../../flow/contacts/phonebook.ts";
import { type Answer, json } from "../http/answer.ts";
import { type Call, originOf, pathId, pathParameter, queryOf } from "../http/call.ts";
import { getValid, notFound } from "../http/errors.ts";
import { pageLinks } from "../http/page-links.ts";
import {
  checkConsent,
  checkContact,
  checkContactSuppression,
  checkContactsQuery,
  checkWithdrawal,
} from "../schema/contact-requests.ts";
import { checkSuppressedRequest } from "../schema/suppression-requests.ts";
import {
  actorOf,
  NO_CONTENT,
  PAGE_SIZE,
  presentContact,
  readAsked,
  readOptional,
  refuseTestKey,
  refuseTooOften,
} from "./contact-call.ts";

/** POST /v2/contacts: refused where somebody has the number or the address already. */
export async function postContact(call: Call): Promise<Answer> {
  const { intake } = call.api;
  const asked = getValid(checkContact(await readAsked(call), intake.clock.now()));
  const wish = { ...asked, isNew: true };
  const { id } = await writeContact(intake, actorOf(call), { service: call.service, wish });
  return show(call, { status: 201, id });
}

/** GET /v2/contacts: newest first, a page at a time. */
export async function getContacts(call: Call): Promise<Answer> {
  refuseTestKey(call);
  const query = queryOf(call);
  const { older_than: olderThan, group_id: groupId } = getValid(checkContactsQuery(query));
  const contacts = await readContacts(call.api.intake, call.service, { groupId, olderThan, limit: PAGE_SIZE });
  const url = `${originOf(call)}/v2/contacts`;
  const links = pageLinks(url, { query, repeatable: [], lastId: contacts.at(-1)?.id });
  return json(200, { contacts: contacts.map((contact) => presentContact(call, contact)), links });
}

/** POST /v2/contacts/search: by a body, so that no number and no address stands in an address. */
export async function searchContacts(call: Call): Promise<Answer> {
  const { recipient } = getValid(checkSuppressedRequest(await readAsked(call)));
  const found = await findContactOf(call.api.intake, call.service, recipient);
  return json(200, { contact: found ? presentContact(call, found) : null });
}

/** GET /v2/contacts/{id} */
export async function getContact(call: Call): Promise<Answer> {
  refuseTestKey(call);
  return show(call, { status: 200, id: pathId(call) });
}

/** PATCH /v2/contacts/{id}: what is not said stays, null takes away. */
export async function patchContact(call: Call): Promise<Answer> {
  const { intake } = call.api;
  const id = pathId(call);
  const asked = getValid(checkContact(await readAsked(call), intake.clock.now()));
  await writeContact(intake, actorOf(call), { service: call.service, wish: { ...asked, id } });
  return show(call, { status: 200, id });
}

/** DELETE /v2/contacts/{id}: nothing of them stays here but the messages they were sent, for as long as those are kept. */
export async function deleteContact(call: Call): Promise<Answer> {
  const id = pathId(call);
  await refuseTooOften(call);
  await removeContact(call.api.intake, actorOf(call), { service: call.service, id });
  return NO_CONTENT;
}

/** POST /v2/contacts/{id}/consents: 201 where it is new, 200 where it stands already. */
export async function postConsent(call: Call): Promise<Answer> {
  const { intake } = call.api;
  const contactId = pathId(call);
  const consent = getValid(checkConsent(await readAsked(call), intake.clock.now()));
  const isNew = await giveConsent(intake, actorOf(call), { service: call.service, contactId, consent });
  return show(call, { status: isNew ? 201 : 200, id: contactId });
}

/** POST /v2/contacts/{id}/consents/{purpose}/withdrawal */
export async function postWithdrawal(call: Call): Promise<Answer> {
  const contactId = pathId(call);
  const purpose = readPurpose(pathParameter(call, "purpose"));
  const { how } = getValid(checkWithdrawal(await readOptional(call)));
  if (purpose === undefined) throw notFound();
  await takeConsentBack(call.api.intake, actorOf(call), { service: call.service, contactId, purpose, how });
  return show(call, { status: 200, id: contactId });
}

/** POST /v2/contacts/{id}/suppression: on every channel that the contact has. */
export async function postContactSuppression(call: Call): Promise<Answer> {
  const id = pathId(call);
  const { reason = "by-hand" } = getValid(checkContactSuppression(await readOptional(call)));
  const source = { kind: "api-key", id: call.key.id } as const;
  await suppressContact(call.api.intake, actorOf(call), { service: call.service, id, reason, source });
  return show(call, { status: 201, id });
}

/** DELETE /v2/contacts/{id}/suppression */
export async function deleteContactSuppression(call: Call): Promise<Answer> {
  const id = pathId(call);
  await refuseTooOften(call);
  await releaseContact(call.api.intake, actorOf(call), { service: call.service, id });
  return show(call, { status: 200, id });
}

async function show(call: Call, { status, id }: { status: number; id: string }): Promise<Answer> {
  return json(status, presentContact(call, await getKept(call.api.intake, call.service, id)));
}
