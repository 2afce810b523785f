/** `/services/:sid/contacts`: the people a service writes to. Whom one searches for is posted and kept under an id. */
import { formatForPeople } from "../../../core/phone/format-phone-number.ts";
import { normaliseKey } from "../../../core/template/personalisation.ts";
import { contactCsv } from "../../../flow/contacts/contact-csv.ts";
import { getGroup } from "../../../flow/contacts/contact-groups.ts";
import {
  type ContactView,
  countContacts,
  findContactOf,
  readContacts,
  recordExport,
} from "../../../flow/contacts/phonebook.ts";
import { readSearch, saveSearch } from "../../../flow/messages/saved-searches.ts";
import { readRecipientText } from "../../../flow/suppressions/read-recipient.ts";
import type { CountedGroup } from "../../../records/contacts/contact.ts";
import { actorOf } from "../http/actor.ts";
import { type Answer, redirect } from "../http/answer.ts";
import { csvTextAnswer } from "../http/csv.ts";
import { type Form, formOf, readFields, refuseIfInvalid, submit } from "../http/form.ts";
import { asId } from "../http/ids.ts";
import { page } from "../http/page.ts";
import { type Route, route } from "../http/route.ts";
import type { ServiceVisit } from "../http/visit.ts";
import { addressOf, CONTACTS, contactsPath, MAY_CHANGE, MAY_SEE } from "./paths.ts";

const PAGE_ROWS = 50;

interface Row {
  id: string;
  name: string;
  number: string;
  emailAddress: string;
  groups: string;
  isSuppressed: boolean;
}

interface ListPage {
  form: Form<"recipient">;
  base: string;
  mayChange: boolean;
  isSearch: boolean;
  count: number;
  group: CountedGroup | undefined;
  rows: readonly Row[];
  olderUrl: string | undefined;
  newestUrl: string | undefined;
}

const showList = page<ListPage>("contacts/contacts.njk");

export const contactListRoutes: readonly Route[] = [
  route({ method: "GET", url: CONTACTS, who: MAY_SEE, handler: openList }),
  route({ method: "POST", url: CONTACTS, who: MAY_SEE, handler: search }),
  route({ method: "GET", url: `${CONTACTS}.csv`, who: MAY_CHANGE, handler: download }),
];

async function openList(visit: ServiceVisit): Promise<Answer> {
  const { app, service, visitor, query } = visit;
  const saved = asId(query.get("search"));
  const recipient = saved && (await readSearch(app, { service, userId: visitor.userId }, saved));
  return show(visit, formOf({ recipient: recipient ?? "" }), recipient);
}

async function show(visit: ServiceVisit, form: Form<"recipient">, sought?: string): Promise<Answer> {
  const { app, service, may, query } = visit;
  const base = contactsPath(visit);
  const olderThan = asId(query.get("older"));
  const groupId = asId(query.get("group"));
  const group = groupId === undefined ? undefined : await getGroup(app, service, groupId);
  const found =
    sought === undefined
      ? await readContacts(app, service, { groupId, olderThan, limit: PAGE_ROWS + 1 })
      : await soughtBy(visit, sought);
  const shown = found.slice(0, PAGE_ROWS);
  const last = found.length > PAGE_ROWS ? shown.at(-1) : undefined;
  return showList(visit, {
    ...{ form, base, group, mayChange: may("manage_service"), isSearch: sought !== undefined },
    count: group?.members ?? (await countContacts(app, service)),
    rows: shown.map(rowOf),
    olderUrl: last && addressOf(base, { group: groupId, older: last.id }),
    newestUrl: olderThan && addressOf(base, { group: groupId }),
  });
}

async function soughtBy({ app, service }: ServiceVisit, sought: string): Promise<ContactView[]> {
  const recipient = readRecipientText(sought);
  if (typeof recipient === "string") return [];
  const found = await findContactOf(app, service, recipient);
  return found ? [found] : [];
}

function rowOf(contact: ContactView): Row {
  const { id, number, emailAddress = "", groups, suppressed } = contact;
  return {
    ...{ id, emailAddress, name: nameOf(contact) },
    number: number === undefined ? "" : formatForPeople(number),
    groups: groups.map(({ name }) => name).join(", "),
    isSuppressed: suppressed.sms !== undefined || suppressed.email !== undefined,
  };
}

/** Somebody as people call them: by name, else by how they are reached. */
export function nameOf({ firstName, lastName, number, emailAddress, fields }: ContactView): string {
  const name = [firstName, lastName].filter((part) => part !== undefined).join(" ");
  if (name !== "") return name;
  const [, whole] = Object.entries(fields).find(([field]) => normaliseKey(field) === "name") ?? [];
  if (whole !== undefined) return whole;
  return number === undefined ? (emailAddress ?? "") : formatForPeople(number);
}

async function search(visit: ServiceVisit): Promise<Answer> {
  const { app, service, visitor, text } = visit;
  const values = readFields(visit, ["recipient"]);
  const recipient = values.recipient.trim();
  return submit({
    values,
    refusedAt: "recipient",
    act: async () => {
      refuseIfInvalid({ recipient: recipient === "" && text("contacts.search.missing") });
      const saved = await saveSearch(app, { service, userId: visitor.userId }, recipient);
      return redirect(`${contactsPath(visit)}?search=${saved}`);
    },
    showAgain: (form) => show(visit, form),
  });
}

/** Its heads are those that an import reads. */
async function download(visit: ServiceVisit): Promise<Answer> {
  const { app, service, query } = visit;
  const groupId = asId(query.get("group"));
  if (groupId !== undefined) await getGroup(app, service, groupId);
  await recordExport(app, actorOf(visit), service);
  return csvTextAnswer("contacts.csv", contactCsv(app, service, groupId));
}
