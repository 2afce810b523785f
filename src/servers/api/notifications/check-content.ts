/** POST /v2/notifications/{id}/content-check: whether words are the ones that were sent, also where only their hash is kept. */
import { parseJsonBody } from "../../../core/json/parse-json-body.ts";
import { Refusal } from "../../../core/refusal.ts";
import { contentHash, isHashOf } from "../../../flow/content-hash.ts";
import { openContent, wordsOf } from "../../../flow/personal-content.ts";
import type { Notification } from "../../../records/notifications/notification.ts";
import { type Answer, json } from "../http/answer.ts";
import type { Call } from "../http/call.ts";
import { getValid } from "../http/errors.ts";
import { INVALID_JSON, readBody } from "../http/read-body.ts";
import { checkContentRequest } from "../schema/read-requests.ts";
import { getShownNotification } from "./get-notification.ts";

export async function checkContent(call: Call): Promise<Answer> {
  await call.api.intake.rateLimit.take(call.service, call.key.kind);
  const notification = await getShownNotification(call);
  const body = parseJsonBody(await readBody(call.request.raw));
  if (body === undefined) throw new Refusal("bad-request", INVALID_JSON);
  const words = getValid(checkContentRequest(body));
  return json(200, { is_same: isHashOf(call.service, await hashOf(call, notification), words) });
}

async function hashOf({ api, service }: Call, notification: Notification): Promise<string> {
  const content = openContent(service, notification);
  if (content.contentHash !== undefined) return content.contentHash;
  const { templateId, templateVersion } = notification;
  const template = await api.intake.templates.findVersion(templateId, templateVersion);
  if (content.keeps !== undefined || !template) {
    throw new Refusal("bad-request", "Nothing is kept of what this notification said");
  }
  return contentHash(service, wordsOf(template, service, content));
}
