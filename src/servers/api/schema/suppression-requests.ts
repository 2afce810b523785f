/** The bodies and queries of requests about the suppression list. */
import type { DispatchedChannel } from "../../../core/channels/channels.ts";
import type { EmailAddress } from "../../../core/email/parse-email-address.ts";
import { isJsonObject, type JsonValue } from "../../../core/json/json-value.ts";
import type { PhoneNumber } from "../../../core/phone/parse-phone-number.ts";
import { SUPPRESSION_REASONS, type SuppressionReason } from "../../../core/suppression/suppression-reason.ts";
import type { Recipient } from "../../../flow/intake/send-request.ts";
import { type Checked, checkObject, fits, invalid, optional, schema, shown, valid, wrong } from "./checker.ts";
import { emailAddress, oneOf, phoneNumber, uuid } from "./rules.ts";
import { emptyIfFalsy } from "./send-requests.ts";

export const SUPPRESSED_AT_ONCE_MAX = 1_000;

export interface AskedSuppression {
  recipient: Recipient;
  reason: SuppressionReason;
}

const recipientFields = { phone_number: optional(phoneNumber), email_address: optional(emailAddress) };
const entrySchema = schema({ ...recipientFields, reason: optional(oneOf(SUPPRESSION_REASONS)) });
const recipientSchema = schema(recipientFields);
const manySchema = schema({ suppressions: optional(list) });
const listSchema = schema({
  channel: optional(oneOf<DispatchedChannel>(["sms", "email"], ["chat"])),
  older_than: optional(uuid),
});

/** POST /v2/suppressions: one, or a list of them under `suppressions`. */
export function checkSuppressionsRequest(body: JsonValue): Checked<{ isMany: boolean; asked: AskedSuppression[] }> {
  const json = emptyIfFalsy(body);
  const isMany = isJsonObject(json) && Object.hasOwn(json, "suppressions");
  if (!isMany) {
    const one = checkEntry(json);
    return one.kind === "invalid" ? one : valid({ isMany, asked: [one.value] });
  }
  const checked = checkObject(json, manySchema);
  if (checked.kind === "invalid") return checked;
  const entries = (checked.value.suppressions ?? []).map((entry) => checkEntry(entry));
  const messages = entries.flatMap((entry, at) =>
    entry.kind === "invalid" ? entry.messages.map((message) => `suppressions ${at}: ${message}`) : [],
  );
  if (messages.length > 0) return invalid(messages);
  return valid({ isMany, asked: entries.flatMap((entry) => (entry.kind === "valid" ? [entry.value] : [])) });
}

/** POST /v2/suppressions/check. */
export function checkSuppressedRequest(body: JsonValue): Checked<{ recipient: Recipient }> {
  const checked = checkObject(emptyIfFalsy(body), recipientSchema);
  if (checked.kind === "invalid") return checked;
  const recipient = recipientOf(checked.value);
  return typeof recipient === "string" ? invalid([recipient]) : valid({ recipient });
}

/** GET /v2/suppressions. */
export function checkSuppressionsQuery(
  query: URLSearchParams,
): Checked<{ channel: DispatchedChannel | undefined; older_than: string | undefined }> {
  const names = [...new Set(query.keys())];
  return checkObject(Object.fromEntries(names.map((name) => [name, query.get(name) ?? ""])), listSchema);
}

function checkEntry(json: JsonValue): Checked<AskedSuppression> {
  const checked = checkObject(json, entrySchema);
  if (checked.kind === "invalid") return checked;
  const recipient = recipientOf(checked.value);
  if (typeof recipient === "string") return invalid([recipient]);
  return valid({ recipient, reason: checked.value.reason ?? "by-hand" });
}

function recipientOf(fields: {
  phone_number: PhoneNumber | undefined;
  email_address: EmailAddress | undefined;
}): Recipient | string {
  const { phone_number: number, email_address: address } = fields;
  if (number && address) return "phone_number and email_address cannot be given together: each is an entry of its own";
  if (number) return { channel: "sms", number };
  return address ? { channel: "email", address } : "phone_number or email_address is a required property";
}

function list(value: JsonValue) {
  if (!Array.isArray(value)) return wrong(`${shown(value)} is not of type array`);
  if (value.length === 0) return wrong("must have an entry");
  const isTooLong = value.length > SUPPRESSED_AT_ONCE_MAX;
  return isTooLong ? wrong(`cannot have more than ${SUPPRESSED_AT_ONCE_MAX} entries`) : fits(value);
}
