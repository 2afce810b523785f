/** Sends a connection's template for one event, as a live key of the service would. For a day the same event is the same message, even where two calls cross. */
import type { Judged } from "../../core/connections/judge-event.ts";
import { parseEmailAddress } from "../../core/email/parse-email-address.ts";
import { parsePhoneNumber } from "../../core/phone/parse-phone-number.ts";
import { phoneProblemMessage } from "../../core/phone/phone-problem-message.ts";
import { Refusal } from "../../core/refusal.ts";
import type { Connection } from "../../records/connections/connection.ts";
import type { Service } from "../../records/services/service.ts";
import type { TemplateVersion } from "../../records/templates/template.ts";
import type { App } from "../app.ts";
import { accept, type Intake } from "../intake/accept.ts";
import { answerOnce } from "../intake/idempotency.ts";
import type { Recipient, SendRequest } from "../intake/send-request.ts";
import { isSimulated } from "../intake/simulated.ts";

export type Found = Extract<Judged, { kind: "send" }>;

interface Event {
  service: Service;
  connection: Pick<Connection, "name" | "templateId">;
  found: Found;
  eventIndex: Buffer | undefined;
}

/** Answers the notification's id; undefined for a recipient that is there to try things out, of which nothing is kept. */
export async function sendForEvent(intake: Intake, event: Event): Promise<string | undefined> {
  const { service } = event;
  await intake.rateLimit.take(service, "live");
  const template = await getConnectedTemplate(intake, service, event.connection.templateId);
  const request = requestFor(event, recipientOf(template, event.found.recipient));
  const { id } = await (request.idempotency
    ? answerOnce(intake, { service, keyKind: "live", ...request.idempotency }, () => accept(intake, request))
    : accept(intake, request));
  return isSimulated(request.recipient) ? undefined : id;
}

/** Refuses a template that is gone, or of a channel that a path to a recipient does not do for. */
export async function getConnectedTemplate(
  { templates }: Pick<App, "templates">,
  { id }: Pick<Service, "id">,
  templateId: string,
): Promise<TemplateVersion> {
  const template = await templates.find(templateId);
  const isGone = template?.serviceId !== id || template.archivedAt !== undefined || template.isHidden;
  if (isGone) throw new Refusal("bad-request", "The connection's template has been deleted");
  if (template.channel === "sms" || template.channel === "email") return template;
  throw new Refusal("bad-request", "A connection sends texts and emails");
}

/** Refuses what is no number, or no address. */
export function recipientOf({ channel }: Pick<TemplateVersion, "channel">, text: string): Recipient {
  if (channel === "email") {
    const address = parseEmailAddress(text);
    if (typeof address !== "string") return { channel, address };
    throw new Refusal("invalid", "The recipient is not a valid email address");
  }
  const number = parsePhoneNumber(text);
  if (typeof number !== "string") return { channel: "sms", number };
  throw new Refusal("invalid", `The recipient is not a phone number: ${phoneProblemMessage(number)}`);
}

/** Its values were typed by customers and visitors of the other product, so emails make nothing of markdown or links in them. */
export function requestFor({ service, connection, found, eventIndex }: Event, recipient: Recipient): SendRequest {
  return {
    ...{ service, key: undefined, createdByName: connection.name, isOfSystem: true, recipient },
    templateId: connection.templateId,
    personalisation: found.values,
    sanitiseContentFor: recipient.channel === "email" ? Object.keys(found.values) : [],
    ...{ files: undefined, reference: undefined, oneClickUnsubscribeUrl: undefined, senderId: undefined },
    ...{ priority: undefined, scheduledFor: undefined, validForSeconds: undefined, callbackUrl: undefined },
    ...{ isFlash: false, idempotency: eventIndex && { keyHash: eventIndex, bodyHash: eventIndex } },
  };
}
