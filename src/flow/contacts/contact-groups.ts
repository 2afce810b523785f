/** Groups of contacts: made, named, and who is in them. */
import { Refusal } from "../../core/refusal.ts";
import { violatedUniqueConstraint } from "../../platform/db.ts";
import { newId } from "../../platform/ids.ts";
import type { CountedGroup } from "../../records/contacts/contact.ts";
import {
  deleteGroup,
  deleteMember,
  findGroup,
  GROUP_NAME_CONSTRAINT,
  insertGroup,
  insertMembers,
  listGroups,
  updateGroupName,
} from "../../records/contacts/contact-group-store.ts";
import type { Service } from "../../records/services/service.ts";
import { type Actor, recordDeed } from "../actor.ts";
import type { App } from "../app.ts";
import { fieldRefusal } from "../form-refusal.ts";
import { notThere } from "./phonebook.ts";

const GROUPS_MAX = 1_000;
const GROUP_NAME_MAX_CHARACTERS = 100;
const CONTROL = /\p{Cc}|\p{Surrogate}/u;

type Keeper = Pick<App, "db" | "clock">;
type Owner = Pick<Service, "id">;
type Which = { service: Owner; id: string };

export async function addGroup(
  app: Keeper,
  actor: Actor,
  { service, name }: { service: Owner; name: string },
): Promise<CountedGroup> {
  const group = { id: newId(), serviceId: service.id, name: readName(name), createdAt: app.clock.now() };
  await withNameOfItsOwn(async () => {
    await app.db.transaction(async (tx) => {
      if (!(await insertGroup(tx, group, GROUPS_MAX)))
        throw new Refusal("bad-request", `A service can have ${GROUPS_MAX} groups at most`);
      await recordDeed(tx, actor, deedOf(service, group.id, "added"));
    });
  });
  return { ...group, members: 0 };
}

export async function renameGroup(app: Keeper, actor: Actor, which: Which & { name: string }): Promise<void> {
  const { service, id } = which;
  const name = readName(which.name);
  await withNameOfItsOwn(async () => {
    await app.db.transaction(async (tx) => {
      if (!(await updateGroupName(tx, { serviceId: service.id, id, name }))) throw notThere();
      await recordDeed(tx, actor, deedOf(service, id, "renamed"));
    });
  });
}

/** Its members stay contacts. */
export async function removeGroup(app: Keeper, actor: Actor, { service, id }: Which): Promise<void> {
  await app.db.transaction(async (tx) => {
    if (!(await deleteGroup(tx, { serviceId: service.id, id }))) throw notThere();
    await recordDeed(tx, actor, deedOf(service, id, "deleted"));
  });
}

export async function getGroup(app: Pick<App, "db">, { id: serviceId }: Owner, id: string): Promise<CountedGroup> {
  const group = await findGroup(app.db, { serviceId, id });
  if (!group) throw notThere();
  return group;
}

/** The newest first. */
export function readGroups(
  app: Pick<App, "db">,
  { id: serviceId }: Owner,
  page: { olderThan?: string | undefined; limit: number },
): Promise<CountedGroup[]> {
  return listGroups(app.db, { serviceId, ...page });
}

/** Every one of a service: there are not so many. */
export function readAllGroups(app: Pick<App, "db">, service: Owner): Promise<CountedGroup[]> {
  return readGroups(app, service, { limit: GROUPS_MAX });
}

/** Contacts that are another service's, or nobody's, are passed over; answers how many were not in it before. */
export async function addMembers(
  app: Keeper,
  actor: Actor,
  { service, id, contactIds }: Which & { contactIds: readonly string[] },
): Promise<number> {
  return app.db.transaction(async (tx) => {
    if (!(await findGroup(tx, { serviceId: service.id, id }))) throw notThere();
    const members = { serviceId: service.id, groupId: id, contactIds, addedAt: app.clock.now() };
    const added = await insertMembers(tx, members);
    if (added > 0) await recordDeed(tx, actor, { ...deedOf(service, id, "members-added"), after: { contacts: added } });
    return added;
  });
}

export async function removeMember(
  app: Keeper,
  actor: Actor,
  { service, id, contactId }: Which & { contactId: string },
): Promise<void> {
  await app.db.transaction(async (tx) => {
    if (!(await findGroup(tx, { serviceId: service.id, id }))) throw notThere();
    if (!(await deleteMember(tx, { groupId: id, contactId }))) throw notThere();
    await recordDeed(tx, actor, deedOf(service, id, "member-removed"));
  });
}

function readName(text: string): string {
  const name = text.trim();
  if (name === "") throw fieldRefusal("name", "name-missing", "name must not be empty");
  if (name.length > GROUP_NAME_MAX_CHARACTERS)
    throw fieldRefusal("name", "name-too-long", `name cannot be longer than ${GROUP_NAME_MAX_CHARACTERS} characters`);
  if (CONTROL.test(name)) throw fieldRefusal("name", "name-wrong", "name must not have control characters");
  return name;
}

async function withNameOfItsOwn(write: () => Promise<void>): Promise<void> {
  try {
    await write();
  } catch (error) {
    if (violatedUniqueConstraint(error) !== GROUP_NAME_CONSTRAINT) throw error;
    throw fieldRefusal("name", "name-taken", "name is that of another group");
  }
}

function deedOf({ id: serviceId }: Owner, id: string, what: string) {
  return { serviceId, action: `contact-group.${what}`, subject: `contact group ${id}` };
}
