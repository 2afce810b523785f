/** What requests about contacts have in common. Kept from test keys, which know nobody. */
import type { JsonValue } from "../../../core/json/json-value.ts";
import { parseJsonBody } from "../../../core/json/parse-json-body.ts";
import { Refusal } from "../../../core/refusal.ts";
import type { Actor } from "../../../flow/actor.ts";
import type { ContactView } from "../../../flow/contacts/phonebook.ts";
import type { Answer } from "../http/answer.ts";
import { type Call, originOf } from "../http/call.ts";
import { INVALID_JSON, readBody } from "../http/read-body.ts";
import { timestamp } from "../http/timestamp.ts";

export const PAGE_SIZE = 250;
export const NO_CONTENT: Answer = { status: 204, contentType: "application/json", body: "" };

/** Of a request that changes something. */
export async function readAsked(call: Call): Promise<JsonValue> {
  await refuseTooOften(call);
  const body = parseJsonBody(await readBody(call.request.raw));
  if (body === undefined) throw new Refusal("bad-request", INVALID_JSON);
  return body;
}

/** The same where a body may be left out. */
export async function readOptional(call: Call): Promise<JsonValue> {
  await refuseTooOften(call);
  const bytes = await readBody(call.request.raw);
  const body = bytes.length === 0 ? {} : parseJsonBody(bytes);
  if (body === undefined) throw new Refusal("bad-request", INVALID_JSON);
  return body;
}

export async function refuseTooOften(call: Call): Promise<void> {
  refuseTestKey(call);
  await call.api.intake.rateLimit.take(call.service, call.key.kind);
}

export function refuseTestKey({ key }: Pick<Call, "key">): void {
  if (key.kind === "test") throw new Refusal("forbidden", "Cannot use contacts with a test api key");
}

export function actorOf({ key, request }: Call): Actor {
  return { userId: `API key ${key.name}`, ip: request.ip };
}

export function presentContact(call: Call, contact: ContactView) {
  const { id, number, suppressed } = contact;
  return {
    id,
    phone_number: number === undefined ? null : `+${number}`,
    email_address: contact.emailAddress ?? null,
    first_name: contact.firstName ?? null,
    last_name: contact.lastName ?? null,
    company: contact.company ?? null,
    title: contact.title ?? null,
    address_lines: contact.addressLines,
    language: contact.language ?? null,
    latitude: contact.position?.latitude ?? null,
    longitude: contact.position?.longitude ?? null,
    fields: contact.fields,
    groups: contact.groups,
    consents: contact.consents.map(({ purpose, givenAt, how, withdrawnAt, withdrawnHow }) => ({
      purpose,
      given_at: timestamp(givenAt),
      how,
      withdrawn_at: timestamp(withdrawnAt),
      withdrawn_how: withdrawnHow ?? null,
    })),
    suppressed: { sms: suppressed.sms ?? null, email: suppressed.email ?? null },
    created_at: timestamp(contact.createdAt),
    updated_at: timestamp(contact.updatedAt),
    uri: `${originOf(call)}/v2/contacts/${id}`,
  };
}
