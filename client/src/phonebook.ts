/**
 * The service's contacts and their groups. Contacts have the API's own names, as answers do.
 *
 *     const { id } = await client.phonebook.add({ phone_number: "07700 900123", first_name: "Amala" });
 *     await client.phonebook.addMembers(groupId, [id]);
 *     await client.phonebook.sendToGroup(groupId, templateId, { consent: "marketing" });
 */
import type { PageLinks } from "./answers.ts";
import { type Connection, callForBytes, callForJson } from "./call-api.ts";
import { invalidArgument } from "./pennypost-error.ts";
import type {
  AreaCircle,
  Contact,
  ContactGroup,
  ContactPage,
  ContactsImported,
  GivenConsent,
  GroupMessage,
  SavedArea,
} from "./phonebook-answers.ts";

/** What is left out stays as it is; null takes away. */
export interface ContactFields {
  phone_number?: string | null;
  email_address?: string | null;
  first_name?: string | null;
  last_name?: string | null;
  company?: string | null;
  title?: string | null;
  address_lines?: readonly string[] | null;
  language?: string | null;
  /** WGS 84, in decimal degrees; together with `longitude`. */
  latitude?: number | null;
  longitude?: number | null;
  fields?: Readonly<Record<string, string | null>>;
  consents?: readonly GivenConsent[];
}

export interface GroupMessageOptions {
  personalisation?: Readonly<Record<string, unknown>>;
  reference?: string;
  /** Only to members who have said yes to this. */
  consent?: string;
  /** Only to members whose position lies in it: a circle, GeoJSON, or corners as `latitude,longitude` with spaces between them. */
  area?: AreaCircle | { type: string } | string;
  /** One that the service has saved, in the place of `area`. */
  area_id?: string;
  sms_sender_id?: string;
  email_reply_to_id?: string;
  scheduled_for?: string;
  priority?: "high" | "normal" | "low";
  valid_for_seconds?: number;
  callback_url?: string;
  /** Makes it safe to send again. */
  idempotencyKey?: string;
}

export interface Phonebook {
  add(contact: ContactFields): Promise<Contact>;
  get(contactId: string): Promise<Contact>;
  change(contactId: string, change: ContactFields): Promise<Contact>;
  delete(contactId: string): Promise<void>;
  /** By the whole number or address. */
  find(recipient: { phone_number: string } | { email_address: string }): Promise<Contact | null>;
  /** A page of up to 250, newest first. */
  list(page?: { groupId?: string; olderThan?: string }): Promise<ContactPage>;
  /** Up to 1,000; changes those that are known. */
  import(contacts: readonly ContactFields[], groupId?: string): Promise<ContactsImported>;
  /** A table as CSV, up to 20,000 rows. */
  importTable(csv: string, groupId?: string): Promise<ContactsImported>;
  exportTable(groupId?: string): Promise<string>;
  giveConsent(contactId: string, consent: GivenConsent): Promise<Contact>;
  withdrawConsent(contactId: string, purpose: string, how?: string): Promise<Contact>;
  addGroup(name: string): Promise<ContactGroup>;
  renameGroup(groupId: string, name: string): Promise<ContactGroup>;
  deleteGroup(groupId: string): Promise<void>;
  listGroups(olderThan?: string): Promise<{ groups: ContactGroup[]; links: PageLinks }>;
  /** Up to 1,000 at once. */
  addMembers(groupId: string, contactIds: readonly string[]): Promise<{ added: number; group: ContactGroup }>;
  removeMember(groupId: string, contactId: string): Promise<void>;
  /** That the service has saved, by name. */
  listAreas(): Promise<SavedArea[]>;
  sendToGroup(groupId: string, templateId: string, options?: GroupMessageOptions): Promise<GroupMessage>;
  getGroupMessage(groupId: string, messageId: string): Promise<GroupMessage>;
  cancelGroupMessage(groupId: string, messageId: string): Promise<GroupMessage>;
  /** Once what stopped it is mended. */
  resumeGroupMessage(groupId: string, messageId: string): Promise<GroupMessage>;
}

export function phonebookOf(connection: Connection): Phonebook {
  const ask = async <Body>(method: "GET" | "POST" | "PATCH", path: string, more: object = {}): Promise<Body> =>
    callForJson<Body>(connection, { method, path, ...more });
  const remove = async (path: string): Promise<void> => {
    await callForBytes(connection, { method: "DELETE", path });
  };
  return { ...contactsOf(connection, { ask, remove }), ...groupsOf({ ask, remove }) };
}

interface Asking {
  ask<Body>(method: "GET" | "POST" | "PATCH", path: string, more?: object): Promise<Body>;
  remove(path: string): Promise<void>;
}

function contactsOf(connection: Connection, { ask, remove }: Asking) {
  const one = (id: string) => `/v2/contacts/${segment(id)}`;
  const inGroup = (groupId: string | undefined) => ({ query: { group_id: groupId } });
  return {
    add: (body: ContactFields) => ask<Contact>("POST", "/v2/contacts", { body }),
    get: async (id: string) => ask<Contact>("GET", one(id)),
    change: async (id: string, body: ContactFields) => ask<Contact>("PATCH", one(id), { body }),
    delete: async (id: string) => remove(one(id)),
    find: async (body: object) =>
      (await ask<{ contact: Contact | null }>("POST", "/v2/contacts/search", { body })).contact,
    list: ({ groupId, olderThan }: { groupId?: string; olderThan?: string } = {}) =>
      ask<ContactPage>("GET", "/v2/contacts", { query: { group_id: groupId, older_than: olderThan } }),
    import: (contacts: readonly ContactFields[], groupId?: string) =>
      ask<ContactsImported>("POST", "/v2/contact-imports", { body: { contacts }, ...inGroup(groupId) }),
    importTable: (table: string, groupId?: string) =>
      ask<ContactsImported>("POST", "/v2/contact-imports", { table, ...inGroup(groupId) }),
    exportTable: async (groupId?: string) =>
      (await callForBytes(connection, { method: "GET", path: "/v2/contacts.csv", ...inGroup(groupId) })).toString(),
    giveConsent: async (id: string, body: GivenConsent) => ask<Contact>("POST", `${one(id)}/consents`, { body }),
    withdrawConsent: async (id: string, purpose: string, how = "") =>
      ask<Contact>("POST", `${one(id)}/consents/${segment(purpose)}/withdrawal`, { body: { how } }),
  };
}

function groupsOf({ ask, remove }: Asking) {
  const one = (id: string) => `/v2/contact-groups/${segment(id)}`;
  const message = (groupId: string, id: string) => `${one(groupId)}/messages/${segment(id)}`;
  return {
    addGroup: (name: string) => ask<ContactGroup>("POST", "/v2/contact-groups", { body: { name } }),
    renameGroup: async (id: string, name: string) => ask<ContactGroup>("PATCH", one(id), { body: { name } }),
    deleteGroup: async (id: string) => remove(one(id)),
    listGroups: (olderThan?: string) =>
      ask<{ groups: ContactGroup[]; links: PageLinks }>("GET", "/v2/contact-groups", {
        query: { older_than: olderThan },
      }),
    addMembers: async (id: string, contactIds: readonly string[]) =>
      ask<{ added: number; group: ContactGroup }>("POST", `${one(id)}/members`, { body: { contact_ids: contactIds } }),
    removeMember: async (id: string, contactId: string) => remove(`${one(id)}/members/${segment(contactId)}`),
    listAreas: async () => (await ask<{ areas: SavedArea[] }>("GET", "/v2/areas")).areas,
    sendToGroup: async (id: string, templateId: string, { idempotencyKey, ...options }: GroupMessageOptions = {}) =>
      ask<GroupMessage>("POST", `${one(id)}/messages`, {
        body: { template_id: templateId, ...options },
        idempotencyKey,
      }),
    getGroupMessage: async (id: string, messageId: string) => ask<GroupMessage>("GET", message(id, messageId)),
    cancelGroupMessage: async (id: string, messageId: string) =>
      ask<GroupMessage>("POST", `${message(id, messageId)}/cancellation`, { body: {} }),
    resumeGroupMessage: async (id: string, messageId: string) =>
      ask<GroupMessage>("POST", `${message(id, messageId)}/resumption`, { body: {} }),
  };
}

/** An id is one part of a path, whatever is in it. */
function segment(id: string): string {
  if (typeof id !== "string" || id === "" || id === "." || id === "..") throw invalidArgument("An id is missing");
  return encodeURIComponent(id);
}
