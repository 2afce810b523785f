/**
 * One message written by a person: a draft with an address of its own, so that two tabs are two drafts, then sent as any request is.
 * Sending a draft a second time sends nothing more: it answers with what the first made.
 */
import { createHash } from "node:crypto";
import { type AddressProblem, addressProblemMessage } from "../../core/address/address-problem.ts";
import { type PostalAddress, parsePostalAddress } from "../../core/address/postal-address.ts";
import type { TypedChannel } from "../../core/channels/channels.ts";
import { parseEmailAddress } from "../../core/email/parse-email-address.ts";
import { parsePhoneNumber } from "../../core/phone/parse-phone-number.ts";
import { phoneProblemMessage } from "../../core/phone/phone-problem-message.ts";
import { Refusal } from "../../core/refusal.ts";
import { normaliseKey } from "../../core/template/personalisation.ts";
import { newRandomId } from "../../platform/ids.ts";
import { open, seal } from "../../platform/sealing.ts";
import { findOneOffDraft, markSent, saveOneOffDraft } from "../../records/one-off-drafts/one-off-draft-store.ts";
import { mayUse, type Service } from "../../records/services/service.ts";
import type { TemplateVersion } from "../../records/templates/template.ts";
import type { TemplateFile } from "../../records/templates/template-file.ts";
import { type Actor, recordDeed } from "../actor.ts";
import type { App } from "../app.ts";
import { type FormRefusal, fieldRefusal } from "../form-refusal.ts";
import { accept, type Intake } from "../intake/accept.ts";
import { acceptLetter, type TemplatedLetter } from "../intake/accept-letter.ts";
import { answerOnce } from "../intake/idempotency.ts";
import { isOfTeam, refuseIfNumberNotPermitted } from "../intake/permissions.ts";
import { keyKindOf, type Recipient, type SendRequest } from "../intake/send-request.ts";
import { isSimulated } from "../intake/simulated.ts";
import { placeholderNamesOf } from "../rendering.ts";

const VALUE_MAX_CHARACTERS = 100_000;
const SCHEDULED_MAX_DAYS = 30;
const DAY_MS = 86_400_000;

export interface OneOffDraft {
  id: string;
  templateId: string;
  /** A text sender or reply-to address, by id; undefined for the default. */
  senderId: string | undefined;
  /** As typed. */
  recipient: string | undefined;
  values: Readonly<Record<string, string>>;
  /** Which page of the form is next, as the pages count. */
  step: number;
  /** What became of it. */
  notificationId: string | undefined;
}

type Written = Pick<OneOffDraft, "senderId" | "recipient" | "values" | "step">;
type Writer = { service: Pick<Service, "id" | "dataKey">; userId: string };
type Keeper = Pick<App, "db" | "clock">;

/** Answers the new draft's id. */
export async function startOneOff(
  app: Keeper,
  writer: Writer,
  { templateId, ...from }: Pick<OneOffDraft, "templateId"> & Partial<Written>,
): Promise<string> {
  const id = newRandomId();
  const empty = { senderId: undefined, recipient: undefined, values: {}, step: 0 };
  await keep(app, writer, { id, templateId, ...empty, ...from, notificationId: undefined });
  return id;
}

/** Refuses a draft that is another person's, of another service, or forgotten. */
export async function readOneOff(app: Pick<App, "db">, writer: Writer, id: string): Promise<OneOffDraft> {
  const { service, userId } = writer;
  const row = await findOneOffDraft(app.db, { id, userId, serviceId: service.id });
  if (!row) throw new Refusal("not-found", "There is no such draft; start again");
  const opened = open({ key: service.dataKey, belongsTo: placeOf(id) }, row.sealedDraft).toString();
  const kept = JSON.parse(opened) as Written;
  return {
    ...{ id, templateId: row.templateId, notificationId: row.notificationId },
    ...{ senderId: kept.senderId, recipient: kept.recipient, values: kept.values, step: kept.step },
  };
}

/** Changes what is given; values are added to those that are there. */
export async function updateOneOff(
  app: Keeper,
  writer: Writer,
  change: { id: string } & Partial<Written>,
): Promise<OneOffDraft> {
  const before = await readOneOff(app, writer, change.id);
  if (before.notificationId !== undefined) throw new Refusal("bad-request", "This message has been sent");
  const values = { ...before.values, ...change.values };
  if (Object.values(values).some((value) => value.length > VALUE_MAX_CHARACTERS))
    throw fieldRefusal("value", "value-too-long", "This is too long");
  const after = { ...before, ...change, values };
  await keep(app, writer, after);
  return after;
}

/** Values still to be asked for, in the template's order. */
export function missingValues(
  template: TemplateVersion,
  { values, files }: Pick<OneOffDraft, "values"> & { files: readonly TemplateFile[] },
): string[] {
  const links = new Set(files.map(({ fileName }) => normaliseKey(fileName)));
  return placeholderNamesOf(template).filter((name) => values[name] === undefined && !links.has(normaliseKey(name)));
}

export interface Sending {
  service: Service;
  draftId: string;
  scheduledFor?: Date | undefined;
  /** Where links to the template's files lead. */
  origins?: NonNullable<SendRequest["origins"]>;
}

type Sender = { createdByName: string; sentBy: string };

/** Who sends, as the message will say. */
export interface SendingPerson extends Actor {
  name: string;
}

/** Sends a draft, once. Answers the notification's id. Throws the same refusals as the API. */
export async function sendOneOff(intake: Intake, person: SendingPerson, sending: Sending): Promise<string> {
  const { service, draftId } = sending;
  const draft = await readOneOff(intake, { service, userId: person.userId }, draftId);
  if (draft.notificationId !== undefined) return draft.notificationId;
  const { id } = await acceptDraft(intake, draft, { ...sending, createdByName: person.name, sentBy: person.userId });
  await intake.db.transaction(async (tx) => {
    if (!(await markSent(tx, draftId, id))) return;
    const after = { templateId: draft.templateId };
    await recordDeed(tx, person, { serviceId: service.id, action: "message.sent", subject: id, after });
  });
  return id;
}

async function acceptDraft(intake: Intake, draft: OneOffDraft, sending: Sending & Sender): Promise<{ id: string }> {
  const template = await intake.templates.find(draft.templateId);
  if (template?.channel === "letter") {
    const letter = letterFor(draft, sending);
    return answerOnce(intake, onceFor(draft, letter), () => acceptLetter(intake, letter));
  }
  const request = requestFor(intake, { draft, channel: template?.channel === "email" ? "email" : "sms" }, sending);
  refuseWrongTime(intake, request);
  return answerOnce(intake, onceFor(draft, request), () => accept(intake, request));
}

function onceFor(draft: OneOffDraft, { service, key }: Pick<SendRequest, "service" | "key">) {
  return { service, keyKind: keyKindOf({ key }), ...idempotencyOf(draft) };
}

function idempotencyOf({ id }: OneOffDraft): OneOffRequest["idempotency"] {
  const hash = createHash("sha256").update(`one-off draft ${id}`).digest();
  return { keyHash: hash, bodyHash: hash };
}

function letterFor(draft: OneOffDraft, { service, createdByName, sentBy }: Sending & Sender): TemplatedLetter {
  const address = readAddress(service, draft.recipient ?? "");
  return {
    ...{ service, key: undefined, createdByName, sentBy, reference: undefined },
    ...{ templateId: draft.templateId, fileNames: [] },
    personalisation: { ...draft.values, ...addressValues(address.lines) },
    addressText: address.lines.join("\n"),
    idempotency: idempotencyOf(draft),
  };
}

/** The lines of an address as requests to the API name them: the last is the seventh, or the postcode.  ["A", "B", "C"] → address_line_1 … */
export function addressValues(lines: readonly string[]): Record<string, string> {
  return Object.fromEntries(lines.map((line, index) => [`address_line_${index + 1}`, line]));
}

type OneOffRequest = SendRequest & { idempotency: NonNullable<SendRequest["idempotency"]> };

function requestFor(
  intake: Intake,
  { draft, channel }: { draft: OneOffDraft; channel: TypedChannel },
  sending: Sending & Sender,
): OneOffRequest {
  const recipient = readRecipient(intake, sending.service, { channel, text: draft.recipient ?? "" });
  return {
    service: sending.service,
    key: undefined,
    createdByName: sending.createdByName,
    sentBy: sending.sentBy,
    recipient,
    templateId: draft.templateId,
    personalisation: { ...draft.values },
    files: undefined,
    ...(sending.origins ? { origins: sending.origins } : {}),
    sanitiseContentFor: [],
    reference: undefined,
    senderId: draft.senderId,
    oneClickUnsubscribeUrl: undefined,
    priority: undefined,
    scheduledFor: sending.scheduledFor,
    validForSeconds: undefined,
    callbackUrl: undefined,
    isFlash: false,
    idempotency: idempotencyOf(draft),
  };
}

/**
 * A recipient as typed. Refuses, under the field `recipient`, what is none, what this service may not send to, and what is there to try
 * out the API with: nothing would be kept of it, so there would be nothing to show.
 */
export function readRecipient(
  app: Pick<App, "keys">,
  service: Service,
  typed: { channel: TypedChannel; text: string },
): Recipient {
  const recipient = parseRecipient(typed);
  if (isSimulated(recipient)) throw refused("simulated", "This recipient is for trying out the API");
  refuseIfTrial(app, service, recipient);
  try {
    refuseIfNumberNotPermitted({ service, recipient });
  } catch (error) {
    if (error instanceof Refusal) throw refused(numberProblem(error), error.message);
    throw error;
  }
  return recipient;
}

function numberProblem({ kind, details }: Refusal): string {
  if (details["reason"] === "country-missing") return "number-without-country";
  return kind === "invalid-phone" ? "number-landline" : "number-abroad";
}

/** Refuses, under the field `recipient`, whom a service in trial mode may not write to. */
export function refuseIfTrial(app: Pick<App, "keys">, service: Service, recipient: Recipient): void {
  if (service.isTrial && !isOfTeam(app.keys, service, recipient))
    throw refused("trial", "In trial mode you can only send to your team and your guest list");
}

/** An address as typed, a line a line. Refuses, under the field `recipient`, one that no letter can be sent to. */
export function readAddress(service: Service, typed: string): PostalAddress {
  const text = typed.replaceAll("\r\n", "\n");
  const address = parsePostalAddress(text, { international: mayUse(service, "international_letters") });
  if (typeof address !== "string") return address;
  throw refused(address, addressProblemMessage(address satisfies AddressProblem));
}

function parseRecipient({ channel, text }: { channel: TypedChannel; text: string }): Recipient {
  if (channel === "email") {
    const address = parseEmailAddress(text);
    if (typeof address !== "string") return { channel, address };
    throw refused("address-wrong", "Enter an email address in full");
  }
  const number = parsePhoneNumber(text);
  if (typeof number !== "string") return { channel, number };
  throw refused(`number-${number}`, phoneProblemMessage(number));
}

function refused(problem: string, message: string): FormRefusal {
  return fieldRefusal("recipient", problem, message);
}

/**
 * How many days ahead a message may be timed. A message is kept from the day it is written, so it must be sent a day before it is past
 * its retention: to be sent at all, and for somebody to see what became of it.
 */
export function daysAheadMax({ retentionDays }: Pick<Service, "retentionDays">, channel: TypedChannel): number {
  return Math.min(SCHEDULED_MAX_DAYS, retentionDays[channel] - 1);
}

function refuseWrongTime({ clock }: Pick<App, "clock">, { service, recipient, scheduledFor }: SendRequest): void {
  if (!scheduledFor) return;
  const ahead = scheduledFor.getTime() - clock.now().getTime();
  const days = recipient.channel === "chat" ? 0 : daysAheadMax(service, recipient.channel);
  if (ahead > 0 && ahead <= days * DAY_MS) return;
  throw fieldRefusal("scheduledFor", "time-wrong", `Choose a time within the next ${days} days`);
}

async function keep(app: Keeper, { service, userId }: Writer, draft: OneOffDraft): Promise<void> {
  const { id, templateId, senderId, recipient, values, step } = draft;
  const text = JSON.stringify({ senderId, recipient, values, step });
  const sealedDraft = seal({ key: service.dataKey, belongsTo: placeOf(id) }, text);
  await saveOneOffDraft(app.db, {
    id,
    userId,
    serviceId: service.id,
    templateId,
    sealedDraft,
    savedAt: app.clock.now(),
  });
}

function placeOf(id: string): string {
  return `one_off_drafts:${id}`;
}
