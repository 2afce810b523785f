/** `/services/:sid/contacts/groups`: groups of contacts, and who is in them. */
import { formatForPeople } from "../../../core/phone/format-phone-number.ts";
import {
  addGroup,
  addMembers,
  getGroup,
  readAllGroups,
  removeGroup,
  removeMember,
  renameGroup,
} from "../../../flow/contacts/contact-groups.ts";
import { readGroupSends } from "../../../flow/contacts/group-send.ts";
import { findContactOf, readContacts } from "../../../flow/contacts/phonebook.ts";
import { readRecipientText } from "../../../flow/suppressions/read-recipient.ts";
import type { CountedGroup } from "../../../records/contacts/contact.ts";
import { actorOf } from "../http/actor.ts";
import { type Answer, redirect } from "../http/answer.ts";
import { type Form, formOf, InvalidFields, readFields, submit } from "../http/form.ts";
import { asId, idIn } from "../http/ids.ts";
import { page } from "../http/page.ts";
import { type Route, route } from "../http/route.ts";
import type { ServiceVisit } from "../http/visit.ts";
import { showDelete } from "./contact.ts";
import { nameOf } from "./contact-list.ts";
import { addressOf, CONTACTS, contactsPath, MAY_CHANGE, MAY_SEE } from "./paths.ts";

const PAGE_ROWS = 50;
const SENDS_SHOWN = 10;

interface GroupsPage {
  base: string;
  url: string;
  mayChange: boolean;
  groups: readonly CountedGroup[];
  form: Form<"name">;
}

interface GroupPage {
  base: string;
  url: string;
  group: CountedGroup;
  mayChange: boolean;
  maySend: boolean;
  sends: readonly { url: string; at: Date; status: string }[];
  members: readonly { id: string; name: string; reached: string }[];
  olderUrl: string | undefined;
  newestUrl: string | undefined;
  form: Form<"recipient" | "name">;
}

const GROUPS = `${CONTACTS}/groups`;
const ONE = `${GROUPS}/:gid`;
const showGroups = page<GroupsPage>("contacts/groups.njk");
const showGroup = page<GroupPage>("contacts/group.njk");

export const contactGroupRoutes: readonly Route[] = [
  route({ method: "GET", url: GROUPS, who: MAY_SEE, handler: openGroups }),
  route({ method: "POST", url: GROUPS, who: MAY_CHANGE, handler: add }),
  route({ method: "GET", url: ONE, who: MAY_SEE, handler: openGroup }),
  route({ method: "POST", url: `${ONE}/name`, who: MAY_CHANGE, handler: rename }),
  route({ method: "GET", url: `${ONE}/delete`, who: MAY_CHANGE, handler: askToRemove }),
  route({ method: "POST", url: `${ONE}/delete`, who: MAY_CHANGE, handler: remove }),
  route({ method: "POST", url: `${ONE}/members`, who: MAY_CHANGE, handler: addMember }),
  route({ method: "POST", url: `${ONE}/members/:cid/delete`, who: MAY_CHANGE, handler: dropMember }),
];

export function groupsPath(visit: ServiceVisit): string {
  return `${contactsPath(visit)}/groups`;
}

function openGroups(visit: ServiceVisit): Promise<Answer> {
  return listGroups(visit, formOf({ name: "" }));
}

async function listGroups(visit: ServiceVisit, form: Form<"name">): Promise<Answer> {
  const { app, service, may } = visit;
  const groups = (await readAllGroups(app, service)).toSorted((a, b) => a.name.localeCompare(b.name));
  const [base, url] = [contactsPath(visit), groupsPath(visit)];
  return showGroups(visit, { base, url, mayChange: may("manage_service"), groups, form });
}

async function add(visit: ServiceVisit): Promise<Answer> {
  const { app, service, text } = visit;
  const values = readFields(visit, ["name"]);
  return submit({
    values,
    refusedAt: "name",
    act: async () => {
      const { id } = await addGroup(app, actorOf(visit), { service, name: values.name }).catch(inWords(visit));
      return redirect(`${groupsPath(visit)}/${id}`, { flash: text("contacts.group.added") });
    },
    showAgain: (form) => listGroups(visit, form),
  });
}

/** The API names the field; a form stands under its label. */
function inWords({ text }: ServiceVisit) {
  return (error: unknown): never => {
    const problems = (error as { problems?: readonly { problem: string }[] }).problems ?? [];
    const isTaken = problems.some(({ problem }) => problem === "name-taken");
    if (problems.length === 0) throw error;
    throw new InvalidFields({ name: text(isTaken ? "contacts.group.taken" : "contacts.group.name.wrong") });
  };
}

function openGroup(visit: ServiceVisit): Promise<Answer> {
  return show(visit, {});
}

async function show(visit: ServiceVisit, typed: Partial<GroupPage["form"]>): Promise<Answer> {
  const { app, service, may, isMember, query, text } = visit;
  const id = idIn(visit, "gid");
  const group = await getGroup(app, service, id);
  const olderThan = asId(query.get("older"));
  const found = await readContacts(app, service, { groupId: id, olderThan, limit: PAGE_ROWS + 1 });
  const shown = found.slice(0, PAGE_ROWS);
  const last = found.length > PAGE_ROWS ? shown.at(-1) : undefined;
  const url = `${groupsPath(visit)}/${id}`;
  const sends = await readGroupSends(app, service, { groupId: id, limit: SENDS_SHOWN });
  return showGroup(visit, {
    ...{ base: contactsPath(visit), url, group, mayChange: may("manage_service") },
    maySend: isMember && may("send_messages"),
    sends: sends.map((send) => ({
      url: `${url}/messages/${send.id}`,
      at: send.createdAt,
      status: text(`contacts.message.status.${send.status}`),
    })),
    members: shown.map((contact) => ({
      id: contact.id,
      name: nameOf(contact),
      reached: [contact.number && formatForPeople(contact.number), contact.emailAddress].filter(Boolean).join(", "),
    })),
    olderUrl: last && addressOf(url, { older: last.id }),
    newestUrl: olderThan && url,
    form: formOfBoth(group.name, typed),
  });
}

function formOfBoth(name: string, typed: Partial<GroupPage["form"]>): GroupPage["form"] {
  const plain = formOf({ recipient: "", name });
  return {
    values: { ...plain.values, ...typed.values },
    errors: { ...plain.errors, ...typed.errors },
    summary: typed.summary ?? [],
  };
}

async function rename(visit: ServiceVisit): Promise<Answer> {
  const { app, service, text } = visit;
  const id = idIn(visit, "gid");
  const values = readFields(visit, ["name"]);
  return submit({
    values,
    refusedAt: "name",
    act: async () => {
      await renameGroup(app, actorOf(visit), { service, id, name: values.name }).catch(inWords(visit));
      return redirect(`${groupsPath(visit)}/${id}`, { flash: text("contacts.group.renamed") });
    },
    showAgain: (form) => show(visit, form as Partial<GroupPage["form"]>),
  });
}

async function askToRemove(visit: ServiceVisit): Promise<Answer> {
  const { app, service, text } = visit;
  const group = await getGroup(app, service, idIn(visit, "gid"));
  const title = text("contacts.group.delete.title", { name: group.name });
  const explain = text("contacts.group.delete.explain", { count: group.members });
  const words = { back: text("contacts.message.back"), title, explain };
  return showDelete(visit, { url: `${groupsPath(visit)}/${group.id}`, words });
}

async function remove(visit: ServiceVisit): Promise<Answer> {
  const { app, service, text } = visit;
  await removeGroup(app, actorOf(visit), { service, id: idIn(visit, "gid") });
  return redirect(groupsPath(visit), { flash: text("contacts.group.deleted") });
}

async function addMember(visit: ServiceVisit): Promise<Answer> {
  const { app, service, text } = visit;
  const id = idIn(visit, "gid");
  const values = readFields(visit, ["recipient"]);
  return submit({
    values,
    refusedAt: "recipient",
    act: async () => {
      const recipient = readRecipientText(values.recipient.trim());
      if (typeof recipient === "string") throw new InvalidFields({ recipient });
      const contact = await findContactOf(app, service, recipient);
      if (!contact) throw new InvalidFields({ recipient: text("contacts.group.nobody") });
      await addMembers(app, actorOf(visit), { service, id, contactIds: [contact.id] });
      return redirect(`${groupsPath(visit)}/${id}`, { flash: text("contacts.group.memberAdded") });
    },
    showAgain: (form) => show(visit, form as Partial<GroupPage["form"]>),
  });
}

async function dropMember(visit: ServiceVisit): Promise<Answer> {
  const { app, service, text } = visit;
  const id = idIn(visit, "gid");
  await removeMember(app, actorOf(visit), { service, id, contactId: idIn(visit, "cid") });
  return redirect(`${groupsPath(visit)}/${id}`, { flash: text("contacts.group.memberRemoved") });
}
