/** /v1/phonebook/blacklist: the suppression list's numbers, in the shape of Messente's Phonebook API. */
import { isJsonObject } from "../../../core/json/json-value.ts";
import type { PhoneNumber } from "../../../core/phone/parse-phone-number.ts";
import { notThere } from "../../../flow/contacts/phonebook.ts";
import {
  addSuppressions,
  findSuppressionsOf,
  readSuppressions,
  releaseSuppression,
} from "../../../flow/suppressions/suppression-list.ts";
import type { Suppression } from "../../../records/suppressions/suppression.ts";
import { actorOf, NO_CONTENT, readAsked, refuseTestKey, refuseTooOften } from "../contacts/contact-call.ts";
import { type Answer, json } from "../http/answer.ts";
import type { Call } from "../http/call.ts";
import { InvalidRequest } from "../http/errors.ts";
import { numberInPath, readNumber } from "./shape.ts";

/** Their list has no pages. */
const LISTED_MAX = 10_000;

export async function postTheirBlacklist(call: Call): Promise<Answer> {
  const body = await readAsked(call);
  const text = isJsonObject(body) ? body["phoneNumber"] : undefined;
  if (typeof text !== "string") throw new InvalidRequest(["phoneNumber is missing"]);
  const recipient = { channel: "sms", number: readNumber(text) } as const;
  const source = { kind: "api-key", id: call.key.id } as const;
  const wishes = [{ recipient, reason: "by-hand", source } as const];
  await addSuppressions(call.api.intake, actorOf(call), { service: call.service, wishes });
  return json(201, {});
}

export async function getTheirBlacklist(call: Call): Promise<Answer> {
  refuseTestKey(call);
  const page = { channel: "sms", limit: LISTED_MAX + 1 } as const;
  const entries = await readSuppressions(call.api.intake, call.service, page);
  if (entries.length > LISTED_MAX)
    throw new InvalidRequest([`There are more than ${LISTED_MAX} numbers: GET /v2/suppressions gives them by pages`]);
  return json(200, { phoneNumbers: entries.map(({ recipient }) => `+${recipient}`) });
}

/** 200 says that it is there, and 404 that it is not. */
export async function getTheirBlacklisted(call: Call): Promise<Answer> {
  refuseTestKey(call);
  await getEntry(call, numberInPath(call));
  return json(200, {});
}

export async function deleteTheirBlacklisted(call: Call): Promise<Answer> {
  await refuseTooOften(call);
  const { id } = await getEntry(call, numberInPath(call));
  await releaseSuppression(call.api.intake, actorOf(call), { service: call.service, id });
  return NO_CONTENT;
}

async function getEntry(call: Call, number: PhoneNumber): Promise<Suppression> {
  const [entry] = await findSuppressionsOf(call.api.intake, call.service, [{ channel: "sms", number }]);
  if (!entry) throw notThere();
  return entry;
}
