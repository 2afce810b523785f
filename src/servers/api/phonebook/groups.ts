/** /v1/phonebook/groups: groups in the shape of Messente's Phonebook API. */
import { addGroup, getGroup, readAllGroups, removeGroup, renameGroup } from "../../../flow/contacts/contact-groups.ts";
import type { CountedGroup } from "../../../records/contacts/contact.ts";
import { actorOf, NO_CONTENT, readAsked, refuseTestKey, refuseTooOften } from "../contacts/contact-call.ts";
import { type Answer, json } from "../http/answer.ts";
import { type Call, pathId } from "../http/call.ts";
import { getValid } from "../http/errors.ts";
import { checkGroupName } from "../schema/contact-requests.ts";

export async function postTheirGroup(call: Call): Promise<Answer> {
  const { name } = getValid(checkGroupName(await readAsked(call)));
  const group = await addGroup(call.api.intake, actorOf(call), { service: call.service, name });
  return json(201, { group: presentGroup(group) });
}

export async function getTheirGroups(call: Call): Promise<Answer> {
  refuseTestKey(call);
  const groups = await readAllGroups(call.api.intake, call.service);
  return json(200, { groups: groups.map(presentGroup) });
}

export async function getTheirGroup(call: Call): Promise<Answer> {
  refuseTestKey(call);
  return show(call);
}

export async function putTheirGroup(call: Call): Promise<Answer> {
  const id = pathId(call, "groupId");
  const { name } = getValid(checkGroupName(await readAsked(call)));
  await renameGroup(call.api.intake, actorOf(call), { service: call.service, id, name });
  return show(call);
}

export async function deleteTheirGroup(call: Call): Promise<Answer> {
  const id = pathId(call, "groupId");
  await refuseTooOften(call);
  await removeGroup(call.api.intake, actorOf(call), { service: call.service, id });
  return NO_CONTENT;
}

async function show(call: Call): Promise<Answer> {
  const group = await getGroup(call.api.intake, call.service, pathId(call, "groupId"));
  return json(200, { group: presentGroup(group) });
}

export function presentGroup({ id, name, members, createdAt }: CountedGroup) {
  return { id, name, createdOn: createdAt.toISOString(), contactsCount: members };
}
