/** /v2/contact-groups/{id}/messages: one message to everybody in a group, and how far it has come. */
import { parseJsonBody } from "../../../core/json/parse-json-body.ts";
import type { Area } from "../../../core/places/area.ts";
import { Refusal } from "../../../core/refusal.ts";
import { findSavedArea } from "../../../flow/contacts/areas.ts";
import {
  cancelGroupSend,
  getGroupSend,
  readGroupSends,
  resumeGroupSend,
  startGroupSend,
} from "../../../flow/contacts/group-send.ts";
import { notThere } from "../../../flow/contacts/phonebook.ts";
import type { StoredGroupSend } from "../../../records/contacts/group-send.ts";
import { type Answer, json } from "../http/answer.ts";
import { type Call, originOf, pathId, pathParameter } from "../http/call.ts";
import { getValid } from "../http/errors.ts";
import { INVALID_JSON, readBody } from "../http/read-body.ts";
import { timestamp } from "../http/timestamp.ts";
import { checkGroupMessage } from "../schema/group-message-requests.ts";
import { checkPathId } from "../schema/read-requests.ts";
import { readIdempotency } from "../send/idempotency-key.ts";
import { actorOf, refuseTestKey, refuseTooOften } from "./contact-call.ts";

const LISTED_MAX = 250;

/** POST: it is taken, and sent in the background. */
export async function postGroupMessage(call: Call): Promise<Answer> {
  const { intake } = call.api;
  const { service, key, request } = call;
  const groupId = pathId(call);
  await refuseTooOften(call);
  const bytes = await readBody(request.raw);
  const body = parseJsonBody(bytes);
  if (body === undefined) throw new Refusal("bad-request", INVALID_JSON);
  const { templateId, message, areaId } = getValid(checkGroupMessage(body, intake.clock.now()));
  const unread = { type: `group ${groupId}`, bytes, json: body };
  const idempotency = readIdempotency(intake.keys, request.headers["idempotency-key"], unread);
  const area = areaId === undefined ? message.area : await savedArea(call, areaId);
  const wish = { service, groupId, templateId, message: { ...message, area }, by: { key }, idempotency };
  return json(201, present(call, await startGroupSend(intake, actorOf(call), wish)));
}

/** As it is now: the message keeps it. */
async function savedArea({ api, service }: Call, id: string): Promise<Area> {
  const saved = await findSavedArea(api.intake, service, id);
  if (!saved) throw new Refusal("bad-request", "Area not found");
  return saved.area;
}

/** GET: the newest first. */
export async function getGroupMessages(call: Call): Promise<Answer> {
  refuseTestKey(call);
  const page = { groupId: pathId(call), limit: LISTED_MAX };
  const sends = await readGroupSends(call.api.intake, call.service, page);
  return json(200, { messages: sends.map((send) => present(call, send)) });
}

export async function getGroupMessage(call: Call): Promise<Answer> {
  refuseTestKey(call);
  return json(200, present(call, await getNamed(call)));
}

export async function postGroupMessageCancellation(call: Call): Promise<Answer> {
  const { intake } = call.api;
  await refuseTooOften(call);
  const { id } = await getNamed(call);
  await cancelGroupSend(intake, actorOf(call), { service: call.service, id });
  return json(200, present(call, await getNamed(call)));
}

export async function postGroupMessageResumption(call: Call): Promise<Answer> {
  const { intake } = call.api;
  await refuseTooOften(call);
  const { id } = await getNamed(call);
  await resumeGroupSend(intake, actorOf(call), { service: call.service, id });
  return json(200, present(call, await getNamed(call)));
}

async function getNamed(call: Call): Promise<StoredGroupSend> {
  const groupId = pathId(call);
  const id = getValid(checkPathId("message_id", pathParameter(call, "message_id")));
  const send = await getGroupSend(call.api.intake, call.service, id);
  if (send.groupId !== groupId) throw notThere();
  return send;
}

function present(call: Call, send: StoredGroupSend) {
  const { id, groupId, templateId, channel, status } = send;
  return {
    ...{ id, group_id: groupId, template_id: templateId, type: channel, status },
    stopped_because: send.stoppedBecause ?? null,
    members: send.members,
    accepted: send.accepted,
    suppressed: send.suppressed,
    unreachable: send.unreachable,
    without_consent: send.withoutConsent,
    outside: send.outside,
    without_position: send.withoutPosition,
    refused: send.refused,
    created_at: timestamp(send.createdAt),
    finished_at: timestamp(send.finishedAt),
    uri: `${originOf(call)}/v2/contact-groups/${groupId}/messages/${id}`,
  };
}
