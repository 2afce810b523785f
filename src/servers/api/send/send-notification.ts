/**
 * POST /v2/notifications/{sms,email,letter}. The order is that of Notify's API: who, how often, how many today, and only then what
 * the body says. A repeat under the same Idempotency-Key is answered before any limit is asked.
 */
import type { JsonValue } from "../../../core/json/json-value.ts";
import { parseJsonBody } from "../../../core/json/parse-json-body.ts";
import { Refusal } from "../../../core/refusal.ts";
import { accept } from "../../../flow/intake/accept.ts";
import { answerOnce } from "../../../flow/intake/idempotency.ts";
import { refuseLetter } from "../../../flow/intake/refuse-letter.ts";
import type { Accepted, SendRequest } from "../../../flow/intake/send-request.ts";
import type { Channel } from "../../../records/services/service.ts";
import type { Answer } from "../http/answer.ts";
import { type Call, originOf, pathParameter } from "../http/call.ts";
import { getValid, unknownUrl } from "../http/errors.ts";
import { readBody } from "../http/read-body.ts";
import { checkEmailRequest, checkLetterRequest, checkSmsRequest } from "../schema/send-requests.ts";
import { type Idempotency, readIdempotency, type UnreadSend } from "./idempotency-key.ts";
import { presentAccepted } from "./present-accepted.ts";
import { emailSend, smsSend } from "./read-send.ts";

const INVALID_JSON = "Invalid JSON supplied in POST data";

/** How the body for each channel is accepted. */
const ACCEPT: Record<
  Channel,
  (call: Call, body: JsonValue, idempotency: Idempotency | undefined) => Promise<Accepted>
> = {
  sms: (call, body, idempotency) =>
    acceptSend(call, smsSend(getValid(checkSmsRequest(body, call.api.intake.clock.now()))), idempotency),
  email: (call, body, idempotency) =>
    acceptSend(call, emailSend(getValid(checkEmailRequest(body, call.api.intake.clock.now()))), idempotency),
  letter: ({ api, service, key }, body) =>
    refuseLetter(api.intake, { service, key, ...getValid(checkLetterRequest(body)) }),
};

export async function sendNotification(call: Call): Promise<Answer> {
  const type = pathParameter(call, "id");
  if (!isChannel(type)) return refuseUnknownType(call);
  const bytes = await readBody(call.request.raw);
  const send = { type, bytes, json: parseJsonBody(bytes) };
  const idempotency = readIdempotency(call.request.headers["idempotency-key"], send);
  const accepted = await (idempotency === undefined
    ? acceptNew(call, send, undefined)
    : answerOnce(call.api.intake, { ...idempotency, service: call.service, key: call.key }, () =>
        acceptNew(call, send, idempotency),
      ));
  return presentAccepted(accepted, originOf(call));
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
): Promise<Accepted> {
  const { rateLimit, dailyLimits } = call.api.intake;
  await rateLimit.take(call.service, call.key.kind);
  await dailyLimits.refuseIfChannelReached(call.service, call.key.kind, type);
  if (json === undefined) throw new Refusal("bad-request", INVALID_JSON);
  return ACCEPT[type](call, json, idempotency);
}

function acceptSend(
  { api, service, key }: Call,
  send: Omit<SendRequest, "service" | "key" | "idempotency">,
  idempotency: Idempotency | undefined,
): Promise<Accepted> {
  return accept(api.intake, { ...send, service, key, idempotency });
}
