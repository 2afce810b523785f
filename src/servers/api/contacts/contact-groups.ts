/** /v2/contact-groups: groups of contacts, and who is in them. */
import {
  addGroup,
  addMembers,
  getGroup,
  readGroups,
  removeGroup,
  removeMember,
  renameGroup,
} from "../../../flow/contacts/contact-groups.ts";
import { readContacts } from "../../../flow/contacts/phonebook.ts";
import type { CountedGroup } from "../../../records/contacts/contact.ts";
import { type Answer, json } from "../http/answer.ts";
import { type Call, originOf, pathId, pathParameter, queryOf } from "../http/call.ts";
import { getValid } from "../http/errors.ts";
import { pageLinks } from "../http/page-links.ts";
import { timestamp } from "../http/timestamp.ts";
import { checkGroupName, checkMembers, checkPageQuery } from "../schema/contact-requests.ts";
import { checkPathId } from "../schema/read-requests.ts";
import {
  actorOf,
  NO_CONTENT,
  PAGE_SIZE,
  presentContact,
  readAsked,
  refuseTestKey,
  refuseTooOften,
} from "./contact-call.ts";

/** POST /v2/contact-groups */
export async function postContactGroup(call: Call): Promise<Answer> {
  const { name } = getValid(checkGroupName(await readAsked(call)));
  const group = await addGroup(call.api.intake, actorOf(call), { service: call.service, name });
  return json(201, present(call, group));
}

/** GET /v2/contact-groups: newest first, a page at a time. */
export async function getContactGroups(call: Call): Promise<Answer> {
  refuseTestKey(call);
  const query = queryOf(call);
  const { older_than: olderThan } = getValid(checkPageQuery(query));
  const groups = await readGroups(call.api.intake, call.service, { olderThan, limit: PAGE_SIZE });
  const url = `${originOf(call)}/v2/contact-groups`;
  const links = pageLinks(url, { query, repeatable: [], lastId: groups.at(-1)?.id });
  return json(200, { groups: groups.map((group) => present(call, group)), links });
}

/** GET /v2/contact-groups/{id} */
export async function getContactGroup(call: Call): Promise<Answer> {
  refuseTestKey(call);
  return json(200, present(call, await getGroup(call.api.intake, call.service, pathId(call))));
}

/** PATCH /v2/contact-groups/{id}: another name. */
export async function patchContactGroup(call: Call): Promise<Answer> {
  const { intake } = call.api;
  const id = pathId(call);
  const { name } = getValid(checkGroupName(await readAsked(call)));
  await renameGroup(intake, actorOf(call), { service: call.service, id, name });
  return json(200, present(call, await getGroup(intake, call.service, id)));
}

/** DELETE /v2/contact-groups/{id}: its members stay contacts. */
export async function deleteContactGroup(call: Call): Promise<Answer> {
  const id = pathId(call);
  await refuseTooOften(call);
  await removeGroup(call.api.intake, actorOf(call), { service: call.service, id });
  return NO_CONTENT;
}

/** GET /v2/contact-groups/{id}/members: contacts, newest first, a page at a time. */
export async function getGroupMembers(call: Call): Promise<Answer> {
  refuseTestKey(call);
  const { intake } = call.api;
  const id = pathId(call);
  const query = queryOf(call);
  const { older_than: olderThan } = getValid(checkPageQuery(query));
  await getGroup(intake, call.service, id);
  const contacts = await readContacts(intake, call.service, { groupId: id, olderThan, limit: PAGE_SIZE });
  const url = `${originOf(call)}/v2/contact-groups/${id}/members`;
  const links = pageLinks(url, { query, repeatable: [], lastId: contacts.at(-1)?.id });
  return json(200, { contacts: contacts.map((contact) => presentContact(call, contact)), links });
}

/** POST /v2/contact-groups/{id}/members: who is in it already stays. */
export async function postGroupMembers(call: Call): Promise<Answer> {
  const { intake } = call.api;
  const id = pathId(call);
  const { contact_ids: contactIds } = getValid(checkMembers(await readAsked(call)));
  const added = await addMembers(intake, actorOf(call), { service: call.service, id, contactIds });
  return json(200, { added, group: present(call, await getGroup(intake, call.service, id)) });
}

/** DELETE /v2/contact-groups/{id}/members/{contact_id} */
export async function deleteGroupMember(call: Call): Promise<Answer> {
  const id = pathId(call);
  const contactId = getValid(checkPathId("contact_id", pathParameter(call, "contact_id")));
  await refuseTooOften(call);
  await removeMember(call.api.intake, actorOf(call), { service: call.service, id, contactId });
  return NO_CONTENT;
}

function present(call: Call, { id, name, members, createdAt }: CountedGroup) {
  return {
    ...{ id, name, members },
    created_at: timestamp(createdAt),
    uri: `${originOf(call)}/v2/contact-groups/${id}`,
  };
}
