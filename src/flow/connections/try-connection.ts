/** What a connection would make of a body that somebody has pasted: whom it would write to, and what. Nothing is sent or kept. */
import type { Content, HouseStyle } from "../../core/channels/channel.ts";
import { judgeEvent } from "../../core/connections/judge-event.ts";
import { Refusal } from "../../core/refusal.ts";
import type { Connection } from "../../records/connections/connection.ts";
import type { Service } from "../../records/services/service.ts";
import type { TemplateVersion } from "../../records/templates/template.ts";
import { fieldRefusal } from "../form-refusal.ts";
import { decide, type Intake } from "../intake/accept.ts";
import { refuseIfMayNotSend } from "../intake/permissions.ts";
import { sanitisePersonalisation } from "../intake/sanitise.ts";
import type { SendRequest } from "../intake/send-request.ts";
import { houseStyleOf, renderTemplate } from "../rendering.ts";
import { type Found, getConnectedTemplate, recipientOf, requestFor } from "./send-for-event.ts";
import { readBodies } from "./take-call.ts";

/** What people read through. */
const SHOWN_MAX = 10;

export type Tried =
  | { kind: "left-out"; condition: string }
  | { kind: "refused"; reason: string }
  | {
      kind: "send";
      recipient: string;
      event: string | undefined;
      isEmail: boolean;
      content: Content;
      style: HouseStyle;
      /** Why it would not be sent. */
      refusal: string | undefined;
    };

/** Field: `body`. */
export async function tryConnection(
  intake: Intake,
  { service, connection, pasted }: { service: Service; connection: Connection; pasted: string },
): Promise<Tried[]> {
  const text = pasted.trim();
  if (text === "") throw fieldRefusal("body", "connection-body-missing", "Paste what the other product posts");
  const contentType =
    text.startsWith("{") || text.startsWith("[") ? "application/json" : "application/x-www-form-urlencoded";
  const bodies = readBodies({ body: Buffer.from(text), contentType }, connection);
  const tried: Tried[] = [];
  for (const body of bodies.slice(0, SHOWN_MAX)) {
    const judged = judgeEvent(body, connection);
    tried.push(judged.kind === "send" ? await render(intake, { service, connection, found: judged }) : judged);
  }
  return tried;
}

/** Its words are shown also where it may not go, such as to a stranger in trial mode. */
async function render(
  intake: Intake,
  { service, connection, found }: { service: Service; connection: Connection; found: Found },
): Promise<Tried> {
  try {
    const template = await getConnectedTemplate(intake, service, connection.templateId);
    const event = { service, connection, found, eventIndex: undefined };
    const request = requestFor(event, recipientOf(template, found.recipient));
    const { personalisation } = sanitisePersonalisation(request);
    const style = houseStyleOf(service);
    const { content } = renderTemplate(template, personalisation, style);
    const shown = { recipient: found.recipient, event: found.event, isEmail: template.channel === "email" };
    const refusal = await refusalOf(intake, request, template);
    return { kind: "send", ...shown, content, style, refusal };
  } catch (error) {
    if (error instanceof Refusal) return { kind: "refused", reason: error.message };
    throw error;
  }
}

async function refusalOf(intake: Intake, request: SendRequest, template: TemplateVersion): Promise<string | undefined> {
  try {
    refuseIfMayNotSend(request.service, request.recipient.channel);
    await decide(intake, request, template);
    return undefined;
  } catch (error) {
    if (error instanceof Refusal) return error.message;
    throw error;
  }
}
