/**
 * Accepts a request to send one notification: finds its template, renders it, checks that it may be sent, and commits it together with
 * what else arrives in the same moment. What it resolves with is durable. The order of the checks is that of Notify's API.
 */
import { channels } from "../../core/channels/channels.ts";
import { Refusal } from "../../core/refusal.ts";
import { newId } from "../../platform/ids.ts";
import type { RememberedSend } from "../../records/idempotency/idempotency-store.ts";
import type { DailyAddition } from "../../records/limits/daily-total-store.ts";
import type { App } from "../app.ts";
import { houseStyleOf, type RenderedTemplate, renderTemplate } from "../rendering.ts";
import { DailyLimitReached, type DailyLimits, dailyAdditionsOf } from "./daily-limit.ts";
import type { Flights } from "./flights.ts";
import { twinWentFirst } from "./idempotency.ts";
import { newNotification } from "./new-notification.ts";
import { refuseIfMayNotSend, refuseIfNotAllowed, refuseIfNumberNotPermitted } from "./permissions.ts";
import type { RateLimit } from "./rate-limit.ts";
import { sanitisePersonalisation } from "./sanitise.ts";
import { type Accepted, keyKindOf, type SendRequest } from "./send-request.ts";
import { getSendableTemplate, refuseIfFiles, refuseIfIncomplete } from "./sendable-template.ts";
import { chooseSender, type Sender } from "./sender.ts";
import { isSimulated } from "./simulated.ts";

export interface Intake extends App {
  flights: Flights;
  rateLimit: RateLimit;
  dailyLimits: DailyLimits;
}

/** Accepts, or throws a `Refusal`. */
export async function accept(intake: Intake, request: SendRequest): Promise<Accepted> {
  const { service, templateId } = request;
  const { channel } = request.recipient;
  refuseIfMayNotSend(service, channel);
  const template = await getSendableTemplate(intake.templates, { service, templateId, channel });
  const { personalisation, sanitisedContent } = sanitisePersonalisation(request);
  const rendered = renderTemplate(template, personalisation, houseStyleOf(service));
  refuseIfIncomplete(rendered, { ...request.personalisation, ...namesGiven(request.fileNames) });
  refuseFilesInTexts(request);
  const sender = chooseSender(intake, request);
  refuseIfNotAllowed(intake.keys, request);
  refuseIfNumberNotPermitted(request);
  await intake.dailyLimits.refuseIfReached(request);
  refuseFiles(request);
  refuseIfTooLong(rendered, request);
  const accepted = describe(request, { rendered, sender, sanitisedContent });
  if (!isSimulated(request.recipient))
    await save(intake, { request, rendered, sender, personalisation, sanitisedContent, id: accepted.id });
  return accepted;
}

function namesGiven(fileNames: readonly string[]): SendRequest["personalisation"] {
  return Object.fromEntries(fileNames.map((name) => [name, ""]));
}

function refuseFilesInTexts({ fileNames, recipient }: SendRequest): void {
  if (recipient.channel === "sms") refuseIfFiles(fileNames);
}

function refuseFiles({ fileNames }: SendRequest): void {
  if (fileNames.length === 0) return;
  throw new Refusal("bad-request", "Send files by email has not been set up on this Pennypost");
}

function refuseIfTooLong(rendered: RenderedTemplate, { service, recipient }: SendRequest): void {
  const tooLong = channels[recipient.channel].tooLong(rendered.content, houseStyleOf(service));
  if (tooLong) throw new Refusal("bad-request", tooLong);
}

interface Decided {
  rendered: RenderedTemplate;
  sender: Sender;
  sanitisedContent: Accepted["sanitisedContent"];
}

function describe(request: SendRequest, { rendered, sender, sanitisedContent }: Decided): Accepted {
  return {
    id: newId(),
    channel: request.recipient.channel,
    reference: request.reference,
    subject: rendered.content.subject,
    body: rendered.content.body,
    from: sender.shown,
    oneClickUnsubscribeUrl: request.oneClickUnsubscribeUrl,
    sanitisedContent,
    templateId: rendered.template.templateId,
    templateVersion: rendered.template.version,
    serviceId: request.service.id,
    scheduledFor: request.scheduledFor,
  };
}

interface Saving {
  id: string;
  request: SendRequest;
  rendered: RenderedTemplate;
  sender: Sender;
  personalisation: SendRequest["personalisation"];
  sanitisedContent: Accepted["sanitisedContent"];
}

async function save(intake: Intake, saving: Saving): Promise<void> {
  const { request, id } = saving;
  const notification = newNotification(intake, saving);
  const dailyAdditions = dailyAdditionsOf(request, notification.createdAt);
  const boarding = await intake.flights.board({
    notification,
    dailyAdditions,
    remembered: rememberedSend(request, id),
  });
  if (boarding === "twin-went-first") throw twinWentFirst();
  if (boarding !== "accepted") throw reached(intake.dailyLimits, boarding.overLimit);
}

function reached(limits: DailyLimits, overLimit: DailyAddition): Refusal {
  limits.noteReached(overLimit);
  return new DailyLimitReached(overLimit.kind, overLimit.ceiling);
}

function rememberedSend(request: SendRequest, notificationId: string): RememberedSend | undefined {
  const { service, idempotency } = request;
  return idempotency && { serviceId: service.id, keyKind: keyKindOf(request), notificationId, ...idempotency };
}
