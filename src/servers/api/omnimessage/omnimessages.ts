/**
 * POST /v1/omnimessage, GET /v1/omnimessage/{id}/status and DELETE /v1/omnimessage/{id}: messages in the shape of Messente's Omnichannel
 * API, for systems that were written for it. An omnimessage of one text is a notification, and has its id; any other is a reach.
 */
import { omnimessageState } from "../../../core/delivery/omnimessage-states.ts";
import type { Status } from "../../../core/delivery/statuses.ts";
import { parseJsonBody } from "../../../core/json/parse-json-body.ts";
import { accept } from "../../../flow/intake/accept.ts";
import { cancelScheduled } from "../../../flow/intake/cancel-scheduled.ts";
import { freeText } from "../../../flow/intake/free-text.ts";
import { openContent } from "../../../flow/personal-content.ts";
import { type Answer, json } from "../http/answer.ts";
import type { Call } from "../http/call.ts";
import { readBody } from "../http/read-body.ts";
import { getShownNotification } from "../notifications/get-notification.ts";
import type { OmnimessagePart } from "./read-message.ts";
import { type Omnimessage, readOmnimessage } from "./read-omnimessage.ts";
import { sendSeveral } from "./several-messages.ts";
import { cancelSeveral, findSeveral, statusOfSeveral } from "./several-status.ts";

const BODY_MAX_BYTES = 64 * 1024;

export async function postOmnimessage(call: Call): Promise<Answer> {
  const { api, request, service, key } = call;
  const { intake } = api;
  const body = parseJsonBody(await readBody(request.raw, BODY_MAX_BYTES));
  await intake.rateLimit.take(service, key.kind);
  await intake.dailyLimits.refuseIfChannelReached(service, key.kind, "sms");
  const asked = readOmnimessage(body, { service, now: intake.clock.now() });
  const [message, ...others] = asked.messages;
  return message?.channel === "sms" && others.length === 0 ? sendText(call, asked, message) : sendSeveral(call, asked);
}

async function sendText(
  { api: { intake }, service, key }: Call,
  { number, messages: _, ...wishes }: Omnimessage,
  { text, senderId, ttlSeconds: validForSeconds }: OmnimessagePart,
): Promise<Answer> {
  const { id, from } = await accept(intake, {
    ...{ service, key, recipient: { channel: "sms", number }, files: undefined, sanitiseContentFor: [] },
    ...(await freeText(intake, service.id, text)),
    ...{ ...wishes, senderId, validForSeconds, callbackForm: "omnimessage" },
    ...{ reference: undefined, oneClickUnsubscribeUrl: undefined, isFlash: false, idempotency: undefined },
  });
  const messages = [{ channel: "sms", message_id: id, sender: from }];
  return json(201, { omnimessage_id: id, to: `+${number.digits}`, messages });
}

export async function getOmnimessageStatus(call: Call): Promise<Answer> {
  const several = await findSeveral(call);
  if (several) return json(200, await statusOfSeveral(call, several));
  const notification = await getShownNotification(call);
  const { id, status, createdAt } = notification;
  const { recipient } = openContent(call.service, notification);
  const timestamp = (notification.updatedAt ?? createdAt).toISOString();
  const state = omnimessageState(status as Status);
  return json(200, {
    omnimessage_id: id,
    to: `+${recipient}`,
    statuses: [{ channel: "sms", message_id: id, ...state, timestamp }],
  });
}

/** Only what is scheduled, and has not begun to be sent. */
export async function deleteOmnimessage(call: Call): Promise<Answer> {
  const several = await findSeveral(call);
  if (several) await cancelSeveral(call, several);
  else await cancelScheduled(call.api.intake, await getShownNotification(call));
  return json(200, {});
}
