/**
 * A request that names a contact in the place of a number or an address: read as if it had named these, with what the contact has for
 * the template's placeholders. A request that does not is not touched.
 */
import { isJsonObject, type JsonObject, type JsonValue } from "../../../core/json/json-value.ts";
import { Refusal } from "../../../core/refusal.ts";
import { personalisationFrom, withDefaults } from "../../../flow/contacts/contact-personalisation.ts";
import { getContact } from "../../../flow/contacts/phonebook.ts";
import type { Contact } from "../../../records/contacts/contact.ts";
import { refuseTestKey } from "../contacts/contact-call.ts";
import type { Call } from "../http/call.ts";
import { getValid, InvalidRequest } from "../http/errors.ts";
import { checkPathId } from "../schema/read-requests.ts";

const RECIPIENT = { sms: "phone_number", email: "email_address", chat: "recipient" } as const;
type Channel = keyof typeof RECIPIENT;

/** Most do not, and wait for nothing. */
export function namesContact(json: JsonValue): json is JsonObject {
  return isJsonObject(json) && Object.hasOwn(json, "contact_id");
}

export async function namingRecipient(call: Call, channel: string, json: JsonObject): Promise<JsonValue> {
  if (channel !== "sms" && channel !== "email" && channel !== "chat") return json;
  refuseTestKey(call);
  const { contact_id: contactId, ...rest } = json;
  const app = channel === "chat" ? appNamedIn(rest["recipient"]) : undefined;
  if (channel !== "chat" && Object.hasOwn(rest, RECIPIENT[channel]))
    throw new InvalidRequest([`contact_id and ${RECIPIENT[channel]} cannot be given together`]);
  const id = getValid(checkPathId("contact_id", typeof contactId === "string" ? contactId : ""));
  const contact = await getContact(call.api.intake, call.service, id).catch(refuseUnknown);
  const recipient = recipientOf(contact, channel);
  const named = app === undefined ? recipient : { app, phone_number: recipient };
  return { ...rest, [RECIPIENT[channel]]: named, ...(await withValues(call, contact, rest)) };
}

/** A contact is known to the apps that go by telephone numbers. */
function appNamedIn(recipient: JsonValue | undefined): JsonValue {
  const app = isJsonObject(recipient) && Object.keys(recipient).length === 1 ? recipient["app"] : undefined;
  if (app === "whatsapp" || app === "viber") return app;
  throw new InvalidRequest(["contact_id goes with a recipient that has nothing but its app, whatsapp or viber"]);
}

function refuseUnknown(error: unknown): never {
  if (error instanceof Refusal && error.kind === "not-found") throw new Refusal("bad-request", "Contact not found");
  throw error;
}

function recipientOf({ number, emailAddress }: Contact, channel: Channel): string {
  const recipient = channel === "email" ? emailAddress : number && `+${number}`;
  if (recipient !== undefined) return recipient;
  throw new Refusal("bad-request", `The contact has no ${channel === "email" ? "email address" : "phone number"}`);
}

/** What is wrong with the template or the values is told where all requests are checked. */
async function withValues(
  { api: { intake }, service }: Call,
  contact: Contact,
  { template_id: templateId, personalisation: said = {} }: JsonObject,
): Promise<JsonObject> {
  const template =
    typeof templateId === "string" ? await intake.templates.find(templateId).catch(() => undefined) : undefined;
  if (!template || template.serviceId !== service.id || !isJsonObject(said)) return {};
  return { personalisation: withDefaults<JsonValue>(personalisationFrom(contact, template), said) };
}
