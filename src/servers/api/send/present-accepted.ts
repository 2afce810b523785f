/** The answer to an accepted request. */
import type { Accepted } from "../../../flow/intake/send-request.ts";
import { type Answer, json } from "../http/answer.ts";
import { timestamp } from "../http/timestamp.ts";

export function presentAccepted(accepted: Accepted, origin: string): Answer {
  return json(201, {
    id: accepted.id,
    reference: accepted.reference ?? null,
    content: contentOf(accepted),
    uri: `${origin}/v2/notifications/${accepted.id}`,
    template: {
      id: accepted.templateId,
      version: accepted.templateVersion,
      uri: `${origin}/services/${accepted.serviceId}/templates/${accepted.templateId}`,
    },
    scheduled_for: timestamp(accepted.scheduledFor),
    ...(accepted.channel === "email" && { sanitised_content: accepted.sanitisedContent }),
  });
}

function contentOf({ channel, body, from, subject, oneClickUnsubscribeUrl }: Accepted) {
  if (channel === "sms") return { body, from_number: from };
  return { subject, body, from_email: from, one_click_unsubscribe_url: oneClickUnsubscribeUrl ?? null };
}
