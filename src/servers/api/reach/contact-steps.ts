/** Steps that name a contact in the place of a recipient: read as if they had named its number or address, and with what it has for their templates. */
import { isJsonObject, type JsonObject, type JsonValue } from "../../../core/json/json-value.ts";
import { STEPS_MAX } from "../../../core/reach/reach-course.ts";
import { Refusal } from "../../../core/refusal.ts";
import type { Call } from "../http/call.ts";
import { InvalidRequest } from "../http/errors.ts";
import { namesContact, namingRecipient } from "../send/to-contact.ts";

/** What is no request for a reach is told where all of them are checked. */
export async function namingRecipients(call: Call, json: JsonValue): Promise<JsonValue> {
  if (!isJsonObject(json)) return json;
  const { steps, personalisation: ofAll } = json;
  if (!Array.isArray(steps) || steps.length > STEPS_MAX || !steps.some(namesContact)) return json;
  const named: JsonValue[] = [];
  for (const [at, step] of steps.entries())
    named.push(namesContact(step) ? await namingRecipientOf(call, step, { number: at + 1, ofAll }) : step);
  return { ...json, steps: named };
}

async function namingRecipientOf(
  call: Call,
  step: JsonObject,
  { number, ofAll }: { number: number; ofAll: JsonValue | undefined },
): Promise<JsonValue> {
  const { channel, personalisation: own = {} } = step;
  const said = isJsonObject(ofAll) && isJsonObject(own) ? { ...ofAll, ...own } : own;
  try {
    return await namingRecipient(call, String(channel), { ...step, personalisation: said });
  } catch (error) {
    if (error instanceof InvalidRequest)
      throw new InvalidRequest(error.messages.map((one) => `Step ${number}: ${one}`));
    if (!(error instanceof Refusal) || error.kind === "unavailable") throw error;
    throw new Refusal(error.kind, `Step ${number}: ${error.message}`, { details: error.details });
  }
}
