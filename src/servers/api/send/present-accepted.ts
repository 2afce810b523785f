/** The answer to an accepted request. */
import { requestedApp } from "../../../core/chat/chat-recipient.ts";
import { impossible } from "../../../core/refusal.ts";
import type { Accepted, AcceptedLetter, AnyAccepted } from "../../../flow/intake/send-request.ts";
import { type Answer, json } from "../http/answer.ts";
import { timestamp } from "../http/timestamp.ts";

export function presentAccepted(accepted: AnyAccepted, origin: string): Answer {
  switch (accepted.channel) {
    case "supplied-letter":
      return json(201, { id: accepted.id, reference: accepted.reference, postage: accepted.postage });
    case "letter":
      return json(201, { ...rendered(accepted, origin), scheduled_for: null });
    case "email":
      return json(201, { ...message(accepted, origin), sanitised_content: accepted.sanitisedContent });
    case "sms":
    case "chat":
      return json(201, message(accepted, origin));
    default:
      return impossible(accepted);
  }
}

function message(accepted: Accepted, origin: string) {
  const { scheduledFor, contentHash } = accepted;
  const answer = { ...rendered(accepted, origin), scheduled_for: timestamp(scheduledFor) };
  return contentHash === undefined ? answer : { ...answer, content_hash: contentHash };
}

function rendered(accepted: Accepted | AcceptedLetter, origin: string) {
  return {
    id: accepted.id,
    reference: accepted.reference ?? null,
    content: contentOf(accepted),
    uri: `${origin}/v2/notifications/${accepted.id}`,
    template: {
      id: accepted.templateId,
      version: accepted.templateVersion,
      uri: `${origin}/services/${accepted.serviceId}/templates/${accepted.templateId}`,
    },
  };
}

function contentOf(accepted: Accepted | AcceptedLetter) {
  const { subject, body } = accepted;
  if (accepted.channel === "letter") return { subject, body };
  if (accepted.channel === "sms") return { body, from_number: accepted.from };
  if (accepted.channel === "chat") return { body, app: requestedApp(accepted.from) };
  const { from, oneClickUnsubscribeUrl = null } = accepted;
  return { subject, body, from_email: from, one_click_unsubscribe_url: oneClickUnsubscribeUrl };
}
