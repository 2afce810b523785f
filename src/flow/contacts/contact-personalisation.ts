/** What a template asks for and a contact has: nothing else of a person goes along with a message. */
import { contactValues } from "../../core/contacts/contact.ts";
import { normaliseKey } from "../../core/template/personalisation.ts";
import type { Contact } from "../../records/contacts/contact.ts";
import type { TemplateVersion } from "../../records/templates/template.ts";
import { placeholderNamesOf } from "../rendering.ts";

export function personalisationFrom(contact: Contact, template: TemplateVersion): Record<string, string> {
  const asked = new Set(placeholderNamesOf(template).map(normaliseKey));
  const values = Object.entries(contactValues(contact)).filter(([name]) => asked.has(normaliseKey(name)));
  return Object.fromEntries(values);
}

/** What is said with a request wins over what the contact has, however either is spelt. */
export function withDefaults<Value>(
  defaults: Readonly<Record<string, string>>,
  said: Readonly<Record<string, Value>>,
): Record<string, Value | string> {
  const names = new Set(Object.keys(said).map(normaliseKey));
  const left = Object.entries(defaults).filter(([name]) => !names.has(normaliseKey(name)));
  return { ...Object.fromEntries(left), ...said };
}
