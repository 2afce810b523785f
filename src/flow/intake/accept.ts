/**
 * Accepts a request to send one notification: finds its template, renders it, checks that it may be sent, and commits it together with
 * what else arrives in the same moment. What it resolves with is durable. The order of the checks is that of Notify's API.
 */
import type { HouseStyle } from "../../core/channels/channel.ts";
import { channels } from "../../core/channels/channels.ts";
import { keepsLess } from "../../core/content/keeping.ts";
import { Refusal } from "../../core/refusal.ts";
import type { SendPurpose } from "../../core/suppression/suppression-reason.ts";
import { newId } from "../../platform/ids.ts";
import type { Whereabouts } from "../../records/number-lookups/network-lookup-store.ts";
import type { TemplateVersion } from "../../records/templates/template.ts";
import type { TemplateFile } from "../../records/templates/template-file.ts";
import type { App } from "../app.ts";
import { contentHash } from "../content-hash.ts";
import { houseStyleOf, type RenderedTemplate, renderTemplate, styleFrom } from "../rendering.ts";
import type { SuppressedLookup } from "../suppressions/suppressed-lookup.ts";
import { attachFiles, withFiles } from "./attach-files.ts";
import { board } from "./board.ts";
import { chargesOf, listedPriceOf } from "./charges.ts";
import { judgeContent } from "./content.ts";
import { type DailyLimits, dailyAdditionsOf } from "./daily-limit.ts";
import type { Flights, Passenger } from "./flights.ts";
import { floodsOf, refuseIfFlooded, stopFlood } from "./floods.ts";
import { type Decided, newNotification } from "./new-notification.ts";
import { refuseIfMayNotSend, refuseIfNotAllowed, refuseIfNumberNotPermitted } from "./permissions.ts";
import type { RateLimit } from "./rate-limit.ts";
import { refuseIfQuietTooLong } from "./refuse-quiet.ts";
import { refuseIfRoaming } from "./refuse-roaming.ts";
import { refuseIfSuppressed } from "./refuse-suppressed.ts";
import { type HoldReason, releaseCountOf } from "./release.ts";
import { refuseIfRepeated, repeatsOf } from "./repeats.ts";
import { sanitisePersonalisation } from "./sanitise.ts";
import type { Accepted, SendRequest } from "./send-request.ts";
import { getSendableTemplate, refuseIfFiles, refuseIfIncomplete } from "./sendable-template.ts";
import { chooseSender } from "./sender.ts";
import { isSimulated } from "./simulated.ts";
import { filesInWords } from "./template-links.ts";
import { withUndoWindow } from "./undo.ts";

export interface Intake extends App {
  flights: Flights;
  rateLimit: RateLimit;
  dailyLimits: DailyLimits;
  suppressed: SuppressedLookup;
}

type Values = SendRequest["personalisation"];

/** What is committed with a notification, made once its id is known. */
export type Alongside = (notificationId: string) => Pick<Passenger, "verification" | "smpp" | "reach" | "groupSend">;

/** Accepts, or throws a `Refusal`. */
export async function accept(intake: Intake, request: SendRequest, alongside?: Alongside): Promise<Accepted> {
  const { service, templateId, isFreeText } = request;
  const { channel } = request.recipient;
  refuseIfMayNotSend(service, channel);
  const template = await getSendableTemplate(intake.templates, { service, templateId, channel, isFreeText });
  return acceptWith(intake, request, { template, ...(alongside ? { alongside } : {}) });
}

interface Given {
  template: TemplateVersion;
  alongside?: Alongside;
  /** What not every reason on a suppression list keeps back: a one-time code, or the answer to a STOP. */
  purpose?: SendPurpose;
}

/** The same with a template that has been found already. */
export async function acceptWith(
  intake: Intake,
  asked: SendRequest,
  { template, alongside = () => ({}), purpose = "message" }: Given,
): Promise<Accepted> {
  const request = withUndoWindow(asked, intake.clock.now());
  const { service } = request;
  const known = await decide(intake, request, template);
  const { personalisation, ofTemplate, draft, style } = known;
  await refuseIfSuppressed(intake, request, purpose);
  await intake.dailyLimits.refuseIfReached(request);
  const id = newId();
  const files = await attachFiles(intake, request, { notificationId: id, ofTemplate });
  const rendered =
    Object.keys(files.links).length > 0 ? fillIn(request, draft, { ...personalisation, ...files.links }) : draft;
  refuseIfTooLong(rendered, request, style);
  refuseIfQuietTooLong(request, intake.clock.now());
  const repeats = repeatsOf(intake, request, rendered.content.body);
  await refuseIfRepeated(intake, repeats);
  const flood = refuseIfFlooded(intake, request);
  const keeps = keepsLess(template.keeps, request.keeps ?? "everything");
  const hash = keeps === "hash" ? contentHash(service, rendered.content) : undefined;
  const where = await whereaboutsOf(intake, request);
  refuseIfRoaming(request, where, purpose);
  const network = where?.network;
  const unitPrice = await listedPriceOf(intake.prices, request, network);
  const priced = { id, request, rendered, files, keeps, contentHash: hash, network, unitPrice };
  const decided = { ...known, ...priced, hold: known.hold ?? flood };
  if (!isSimulated(request.recipient))
    await withFiles(intake, files, () => save(intake, decided, { ...alongside(id), repeats }));
  return describe(decided);
}

/** Everything that can be known before a message is given an id; refuses what cannot be sent. */
export async function decide(intake: Intake, request: SendRequest, template: TemplateVersion) {
  const { service } = request;
  const { personalisation, sanitisedContent } = sanitisePersonalisation(request);
  const ofTemplate = await filesInWords(intake.templates, template);
  const given = withStandIns(personalisation, [...(request.files?.names ?? []), ...namesOf(ofTemplate)]);
  const draft = renderTemplate(template, given, houseStyleOf(service));
  refuseIfIncomplete(draft, given);
  refuseFilesInTexts(request);
  const sender = chooseSender(intake, request);
  refuseIfNotAllowed(intake.keys, request);
  refuseIfNumberNotPermitted(request);
  const hold = judgeContent(request, draft.content);
  return { personalisation, sanitisedContent, ofTemplate, draft, sender, hold, style: styleFrom(service, sender) };
}

function namesOf(files: readonly TemplateFile[]): string[] {
  return files.map(({ fileName }) => fileName);
}

/** Something stands where links will be. */
function withStandIns(values: Values, names: readonly string[]): Values {
  return names.length === 0 ? values : { ...values, ...Object.fromEntries(names.map((name) => [name, "link"])) };
}

function fillIn({ service }: SendRequest, { template }: RenderedTemplate, values: Values): RenderedTemplate {
  return renderTemplate(template, values, houseStyleOf(service));
}

function refuseFilesInTexts({ files, recipient }: SendRequest): void {
  if (files && recipient.channel !== "email") refuseIfFiles(files.names);
}

export function refuseIfTooLong(
  rendered: RenderedTemplate,
  { recipient }: Pick<SendRequest, "recipient">,
  style: HouseStyle,
): void {
  const app = recipient.channel === "chat" ? recipient.person.app : undefined;
  const tooLong = channels[recipient.channel].tooLong(rendered.content, style, app);
  if (tooLong) throw new Refusal("bad-request", tooLong);
}

/** Undefined where the number was not looked up lately. */
export async function whereaboutsOf(
  { networks }: Pick<Intake, "networks">,
  { recipient }: Pick<SendRequest, "recipient">,
): Promise<Whereabouts | undefined> {
  return recipient.channel === "sms" ? networks.find(recipient.number.digits) : undefined;
}

function describe({ id, request, rendered, sender, sanitisedContent, contentHash: hash }: Decided): Accepted {
  return {
    id,
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
    contentHash: hash,
  };
}

type Company = ReturnType<Alongside> & Pick<Passenger, "repeats">;

async function save(
  intake: Intake,
  decided: Decided & { hold: HoldReason | undefined },
  company: Company,
): Promise<void> {
  const { request, hold } = decided;
  const notification = newNotification(intake, decided);
  const dailyAdditions = dailyAdditionsOf(request, notification.createdAt);
  const passenger = { notification, dailyAdditions, charges: chargesOf(request, notification), ...company };
  const goes = async (reason: HoldReason | undefined) => {
    const release = releaseCountOf(request, notification, reason);
    // What is held for good reason does not go, and is not counted among what does.
    const floods = reason ? [] : floodsOf(request, notification, intake.clock.now());
    const keptBack = await board(intake, request, { ...passenger, release, floods });
    if (!keptBack && reason?.like) intake.floods.note(reason.like, "held");
    return keptBack;
  };
  const kept = await goes(hold);
  if (kept) await goes(await stopFlood(intake, request, kept.flooded));
}
