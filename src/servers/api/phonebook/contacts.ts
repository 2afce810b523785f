/** /v1/phonebook/contacts: contacts in the shape of Messente's Phonebook API, known by their numbers. */
import type { PhoneNumber } from "../../../core/phone/parse-phone-number.ts";
import { addMembers, getGroup, removeMember } from "../../../flow/contacts/contact-groups.ts";
import {
  type ContactView,
  findContactOf,
  notThere,
  readAllContacts,
  removeContact,
  writeContact,
} from "../../../flow/contacts/phonebook.ts";
import { actorOf, NO_CONTENT, readAsked, refuseTestKey, refuseTooOften } from "../contacts/contact-call.ts";
import { type Answer, json } from "../http/answer.ts";
import { type Call, pathId, queryOf } from "../http/call.ts";
import { getValid, InvalidRequest } from "../http/errors.ts";
import { checkPathId } from "../schema/read-requests.ts";
import { presentGroup } from "./groups.ts";
import { numberInPath, presentTheirs, readNumber, readTheirContact } from "./shape.ts";

/** Their list has no pages. */
const LISTED_MAX = 10_000;
const GROUPS_ASKED_MAX = 20;

export async function postTheirContact(call: Call): Promise<Answer> {
  const { intake } = call.api;
  const wish = { ...readTheirContact(await readAsked(call)), isNew: true };
  if (!wish.change.number) throw new InvalidRequest(["phoneNumber is missing"]);
  await writeContact(intake, actorOf(call), { service: call.service, wish });
  return json(201, { contact: presentTheirs(await getByNumber(call, readNumber(`+${wish.change.number}`))) });
}

/** `groupIds` may be there several times: members of any of these groups. */
export async function getTheirContacts(call: Call): Promise<Answer> {
  refuseTestKey(call);
  const groupIds = queryOf(call)
    .getAll("groupIds")
    .map((id) => getValid(checkPathId("groupIds", id)));
  if (groupIds.length > GROUPS_ASKED_MAX)
    throw new InvalidRequest([`groupIds cannot be more than ${GROUPS_ASKED_MAX}`]);
  const contacts = new Map<string, ContactView>();
  if (groupIds.length === 0) await gather(call, contacts);
  for (const groupId of groupIds) {
    await getGroup(call.api.intake, call.service, groupId);
    await gather(call, contacts, groupId);
  }
  return json(200, { contacts: [...contacts.values()].map(presentTheirs) });
}

/** Who has no number is not known there. */
async function gather(call: Call, contacts: Map<string, ContactView>, groupId?: string): Promise<void> {
  for await (const page of readAllContacts(call.api.intake, call.service, groupId)) {
    for (const contact of page) if (contact.number !== undefined) contacts.set(contact.id, contact);
    if (contacts.size > LISTED_MAX) throw tooMany();
  }
}

function tooMany(): InvalidRequest {
  return new InvalidRequest([
    `There are more than ${LISTED_MAX} contacts: ask for those of a group, or GET /v2/contacts`,
  ]);
}

export async function getTheirContact(call: Call): Promise<Answer> {
  refuseTestKey(call);
  return json(200, { contact: presentTheirs(await getNamed(call)) });
}

export async function patchTheirContact(call: Call): Promise<Answer> {
  const asked = await readAsked(call);
  const { id } = await getNamed(call);
  const wish = { ...readTheirContact(asked), id };
  await writeContact(call.api.intake, actorOf(call), { service: call.service, wish });
  return json(200, { contact: presentTheirs(await getNamed(call)) });
}

export async function deleteTheirContact(call: Call): Promise<Answer> {
  await refuseTooOften(call);
  const { id } = await getNamed(call);
  await removeContact(call.api.intake, actorOf(call), { service: call.service, id });
  return NO_CONTENT;
}

export async function getTheirContactGroups(call: Call): Promise<Answer> {
  refuseTestKey(call);
  const { intake } = call.api;
  const { groups } = await getNamed(call);
  const counted = await Promise.all(groups.map(({ id }) => getGroup(intake, call.service, id)));
  return json(200, { groups: counted.map(presentGroup) });
}

/** POST /v1/phonebook/groups/{groupId}/contacts/{phone} */
export async function postTheirMember(call: Call): Promise<Answer> {
  await refuseTooOften(call);
  const id = pathId(call, "groupId");
  const { id: contactId } = await getNamed(call);
  await addMembers(call.api.intake, actorOf(call), { service: call.service, id, contactIds: [contactId] });
  return json(201, {});
}

export async function deleteTheirMember(call: Call): Promise<Answer> {
  await refuseTooOften(call);
  const id = pathId(call, "groupId");
  const { id: contactId } = await getNamed(call);
  await removeMember(call.api.intake, actorOf(call), { service: call.service, id, contactId });
  return NO_CONTENT;
}

/** Whose number stands in the path. */
async function getNamed(call: Call): Promise<ContactView> {
  return getByNumber(call, numberInPath(call));
}

async function getByNumber(call: Call, number: PhoneNumber): Promise<ContactView> {
  const found = await findContactOf(call.api.intake, call.service, { channel: "sms", number });
  if (!found) throw notThere();
  return found;
}
