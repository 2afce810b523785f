/** `/services/:sid/contacts/new` and `…/:cid/edit`: a contact as a form. */
import { readContact } from "../../../core/contacts/read-contact.ts";
import type { JsonObject } from "../../../core/json/json-value.ts";
import { formatForPeople } from "../../../core/phone/format-phone-number.ts";
import { normaliseKey } from "../../../core/template/personalisation.ts";
import { ContactTaken, type ContactView, getContact, writeContact } from "../../../flow/contacts/phonebook.ts";
import type { ContactWish } from "../../../flow/contacts/write-contacts.ts";
import { actorOf } from "../http/actor.ts";
import { type Answer, redirect } from "../http/answer.ts";
import { type Form, formOf, InvalidFields, readFields, submit, type Values } from "../http/form.ts";
import { idIn } from "../http/ids.ts";
import { page } from "../http/page.ts";
import { type Route, route } from "../http/route.ts";
import type { ServiceVisit } from "../http/visit.ts";
import { CONTACTS, contactsPath, MAY_CHANGE } from "./paths.ts";

const LINES = [
  ...(["first_name", "last_name", "phone_number", "email_address", "company", "title", "language"] as const),
  ...(["latitude", "longitude"] as const),
] as const;
const FIELDS = [...LINES, "address_lines", "fields"] as const;
type Field = (typeof FIELDS)[number];

interface EditPage {
  form: Form<Field>;
  /** Where the form goes, and where one came from. */
  url: string;
  backUrl: string;
  isNew: boolean;
  lines: readonly string[];
}

const showEdit = page<EditPage>("contacts/edit.njk");

export const editContactRoutes: readonly Route[] = [
  route({ method: "GET", url: `${CONTACTS}/new`, who: MAY_CHANGE, handler: askForNew }),
  route({ method: "POST", url: `${CONTACTS}/new`, who: MAY_CHANGE, handler: add }),
  route({ method: "GET", url: `${CONTACTS}/:cid/edit`, who: MAY_CHANGE, handler: askForChange }),
  route({ method: "POST", url: `${CONTACTS}/:cid/edit`, who: MAY_CHANGE, handler: change }),
];

function askForNew(visit: ServiceVisit): Answer {
  return show(visit, formOf(Object.fromEntries(FIELDS.map((name) => [name, ""])) as Values<Field>));
}

function show(visit: ServiceVisit, form: Form<Field>, id?: string): Answer {
  const base = contactsPath(visit);
  const backUrl = id === undefined ? base : `${base}/${id}`;
  const url = id === undefined ? `${base}/new` : `${base}/${id}/edit`;
  return showEdit(visit, { form, url, backUrl, isNew: id === undefined, lines: LINES });
}

async function askForChange(visit: ServiceVisit): Promise<Answer> {
  const { app, service } = visit;
  const id = idIn(visit, "cid");
  return show(visit, formOf(valuesOf(await getContact(app, service, id))), id);
}

function valuesOf(contact: ContactView): Values<Field> {
  const { number, addressLines, fields } = contact;
  return {
    first_name: contact.firstName ?? "",
    last_name: contact.lastName ?? "",
    phone_number: number === undefined ? "" : formatForPeople(number),
    email_address: contact.emailAddress ?? "",
    company: contact.company ?? "",
    title: contact.title ?? "",
    language: contact.language ?? "",
    latitude: String(contact.position?.latitude ?? ""),
    longitude: String(contact.position?.longitude ?? ""),
    address_lines: addressLines.join("\n"),
    fields: Object.entries(fields)
      .map(([name, value]) => `${name}: ${onOneLine(value)}`)
      .join("\n"),
  };
}

async function add(visit: ServiceVisit): Promise<Answer> {
  const values = readFields(visit, FIELDS);
  return submit({
    values,
    refusedAt: "phone_number",
    act: () => write(visit, { change: changeFrom(visit, values), isNew: true }),
    showAgain: (form) => show(visit, form),
  });
}

async function change(visit: ServiceVisit): Promise<Answer> {
  const { app, service } = visit;
  const id = idIn(visit, "cid");
  const before = await getContact(app, service, id);
  const values = readFields(visit, FIELDS);
  return submit({
    values,
    refusedAt: "phone_number",
    act: () => write(visit, { change: changeFrom(visit, values, before), id }),
    showAgain: (form) => show(visit, form, id),
  });
}

async function write(visit: ServiceVisit, wish: ContactWish): Promise<Answer> {
  const { app, service, text } = visit;
  try {
    const { id } = await writeContact(app, actorOf(visit), { service, wish });
    return redirect(`${contactsPath(visit)}/${id}`, { flash: text("contacts.saved") });
  } catch (error) {
    if (!(error instanceof ContactTaken)) throw error;
    const field = error.message.startsWith("email_address") ? "email_address" : "phone_number";
    throw new InvalidFields({ [field]: text("contacts.edit.taken") });
  }
}

/** The whole form is said: what is empty in it is to be taken away. */
function changeFrom(visit: ServiceVisit, values: Values<Field>, before?: ContactView): ContactWish["change"] {
  const lines = values.address_lines.split(/\r?\n/).filter((line) => line.trim() !== "");
  const json: JsonObject = {
    ...Object.fromEntries(LINES.map((name) => [name, values[name]])),
    address_lines: lines,
    fields: fieldsFrom(visit, values.fields, before),
  };
  const { change: wished, problems } = readContact(json);
  const errors = problems.map(({ field, problem }) => {
    const [name = "", ...own] = field.split(" ");
    return [name, [...own, problem].join(" ")] as const;
  });
  if (errors.length > 0) throw new InvalidFields(Object.fromEntries(errors.toReversed().map(told)));
  if (!wished.number && !wished.emailAddress)
    throw new InvalidFields({ phone_number: visit.text("contacts.edit.unreachable") });
  return wished;
}

function told([name, problem]: readonly [string, string]): [string, string] {
  return [name, problem.charAt(0).toUpperCase() + problem.slice(1)];
}

/** A line each: `Card number: 12`. Those that are not there any more are taken away; what has line breaks keeps them if it is left alone. */
function fieldsFrom({ text }: ServiceVisit, typed: string, before?: ContactView): JsonObject {
  const kept = new Map(
    Object.entries(before?.fields ?? {}).map(([name, value]) => [normaliseKey(name), { name, value }]),
  );
  const lines = typed.split(/\r?\n/).filter((line) => line.trim() !== "");
  const given = lines.map((line): [string, string] => {
    const [, name = "", value = ""] = /^([^:]+):(.*)$/.exec(line) ?? [];
    if (name.trim() === "") throw new InvalidFields({ fields: text("contacts.edit.fields.wrong") });
    const known = kept.get(normaliseKey(name));
    return [name.trim(), known && onOneLine(known.value) === value.trim() ? known.value : value.trim()];
  });
  const names = new Set(given.map(([name]) => normaliseKey(name)));
  const gone = [...kept].flatMap(([key, { name }]) => (names.has(key) ? [] : [[name, null] as const]));
  return { ...Object.fromEntries(gone), ...Object.fromEntries(given) };
}

function onOneLine(value: string): string {
  return value.replace(/\s+/g, " ");
}
