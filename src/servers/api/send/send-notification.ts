/**
 * POST /v2/notifications/{sms,email,letter,chat}. The order is that of Notify's API: who, how often, how many today, and only then what
 * the body says. A repeat under the same Idempotency-Key is answered before any limit is asked.
 */
import { isJsonObject, type JsonValue } from "../../../core/json/json-value.ts";
import { parseJsonBody } from "../../../core/json/parse-json-body.ts";
import { isFileObject } from "../../../core/json/personalisation.ts";
import { Refusal } from "../../../core/refusal.ts";
import { accept, type Intake } from "../../../flow/intake/accept.ts";
import { acceptLetter, acceptSuppliedLetter } from "../../../flow/intake/accept-letter.ts";
import { answerOnce } from "../../../flow/intake/idempotency.ts";
import type { AnyAccepted } from "../../../flow/intake/send-request.ts";
import type { Channel } from "../../../records/services/service.ts";
import type { Answer } from "../http/answer.ts";
import { type Call, originOf, originsOf, pathParameter } from "../http/call.ts";
import { getValid, unknownUrl } from "../http/errors.ts";
import { BODY_MAX_BYTES, bodyTooLarge, INVALID_JSON, readBody } from "../http/read-body.ts";
import { checkChatRequest, checkEmailRequest, checkLetterRequest, checkSmsRequest } from "../schema/send-requests.ts";
import { type Idempotency, readIdempotency, type UnreadSend } from "./idempotency-key.ts";
import { presentAccepted } from "./present-accepted.ts";
import { chatSend, emailSend, letterSend, type Sending, smsSend } from "./read-send.ts";
import { namesContact, namingRecipient } from "./to-contact.ts";

/** Five files of two megabytes, in base64. */
const FILES_BODY_MAX_BYTES = 15 * 1024 * 1024;

/** How the body for each channel is accepted. */
const ACCEPT: Record<Channel, (intake: Intake, body: JsonValue, sending: Sending) => Promise<AnyAccepted>> = {
  sms: (intake, body, sending) => accept(intake, smsSend(getValid(checkSmsRequest(body, intake.clock.now())), sending)),
  email: (intake, body, sending) =>
    accept(intake, emailSend(getValid(checkEmailRequest(body, intake.clock.now())), sending)),
  chat: (intake, body, sending) =>
    accept(intake, chatSend(getValid(checkChatRequest(body, intake.clock.now())), sending)),
  letter: (intake, body, sending) => {
    const request = getValid(checkLetterRequest(body));
    return request.channel === "letter"
      ? acceptLetter(intake, letterSend(request, sending))
      : acceptSuppliedLetter(intake, { ...request, ...sending });
  },
};

export async function sendNotification(call: Call): Promise<Answer> {
  const type = pathParameter(call, "id");
  if (!isChannel(type)) return refuseUnknownType(call);
  const send = await readSend(call, type);
  const idempotency = readIdempotency(call.api.intake.keys, call.request.headers["idempotency-key"], send);
  const accepted = await (idempotency === undefined
    ? acceptNew(call, send, undefined)
    : answerOnce(call.api.intake, { ...idempotency, service: call.service, keyKind: call.key.kind }, () =>
        acceptNew(call, send, idempotency),
      ));
  return presentAccepted(accepted, originOf(call));
}

async function readSend({ request }: Call, type: Channel): Promise<UnreadSend & { type: Channel }> {
  const bytes = await readBody(request.raw, type === "email" ? FILES_BODY_MAX_BYTES : BODY_MAX_BYTES);
  const json = parseJsonBody(bytes);
  if (bytes.length > BODY_MAX_BYTES && !hasFiles(json)) throw bodyTooLarge(BODY_MAX_BYTES);
  return { type, bytes, json };
}

/** What makes a body larger than others may be. */
function hasFiles(json: JsonValue | undefined): boolean {
  const personalisation = isJsonObject(json) ? json["personalisation"] : undefined;
  return isJsonObject(personalisation) && Object.values(personalisation).some(isFileObject);
}

function isChannel(type: string): type is Channel {
  return Object.hasOwn(ACCEPT, type);
}

/** As at Notify, asking for a type that there is not costs as much as sending. */
async function refuseUnknownType({ api, service, key }: Call): Promise<Answer> {
  await api.intake.rateLimit.take(service, key.kind);
  return unknownUrl();
}

async function acceptNew(
  call: Call,
  { type, json }: UnreadSend & { type: Channel },
  idempotency: Idempotency | undefined,
): Promise<AnyAccepted> {
  const { service, key } = call;
  const { intake } = call.api;
  await intake.rateLimit.take(service, key.kind);
  await intake.dailyLimits.refuseIfChannelReached(service, key.kind, type);
  if (json === undefined) throw new Refusal("bad-request", INVALID_JSON);
  const asked = namesContact(json) ? await namingRecipient(call, type, json) : json;
  return ACCEPT[type](intake, asked, { service, key, idempotency, origins: () => originsOf(call) });
}
