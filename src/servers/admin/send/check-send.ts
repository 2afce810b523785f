/** `/services/:sid/send/:tid/:did/check`: the message as it will be, what it costs, and the button that sends it, now or later. */
import { HOME_CITY, HOME_TIME_ZONE } from "../../../core/calendar/home.ts";
import { clocksAt, momentOnClocks } from "../../../core/calendar/wall-clock.ts";
import { channels } from "../../../core/channels/channels.ts";
import { type PhoneNumber, parsePhoneNumber } from "../../../core/phone/parse-phone-number.ts";
import { priceOfWholeText } from "../../../core/price/text-price.ts";
import { Refusal } from "../../../core/refusal.ts";
import { FormRefusal } from "../../../flow/form-refusal.ts";
import type { Recipient } from "../../../flow/intake/send-request.ts";
import { chooseSender } from "../../../flow/intake/sender.ts";
import { filesInWords } from "../../../flow/intake/template-links.ts";
import { houseStyleOf, renderTemplate, styleFrom } from "../../../flow/rendering.ts";
import {
  daysAheadMax,
  missingValues,
  type OneOffDraft,
  readAddress,
  readRecipient,
  sendOneOff,
} from "../../../flow/sending/one-off.ts";
import type { TemplateVersion } from "../../../records/templates/template.ts";
import { type Answer, redirect } from "../http/answer.ts";
import { type Form, formOf, InvalidFields, readFields, submit, type Values } from "../http/form.ts";
import { page } from "../http/page.ts";
import type { ServiceVisit } from "../http/visit.ts";
import type { ShownContent } from "../messages/shown-content.ts";
import { contentOf, linksIn, messagePath, originsOf } from "./send-form.ts";
import { type CheckedLetter, checkLetter, refuseTooLong } from "./send-letter.ts";
import {
  canSend,
  type DispatchedTemplate,
  getDraft,
  getTemplate,
  inOurWords,
  isDispatched,
  isForRecipient,
  senderOf,
  sendPath,
  type WritableTemplate,
} from "./sending.ts";

const DAY_MS = 86_400_000;
const FIELDS = ["send", "recipient", "date", "time"] as const;
type Field = (typeof FIELDS)[number];

interface Check {
  form: Form<Field>;
  template: TemplateVersion;
  rows: readonly { key: string; text: string }[];
  /** Undefined for a letter, whose pages are shown instead. */
  content: ShownContent | undefined;
  letter: CheckedLetter | undefined;
  cost: string;
  laterHint: string;
  firstDate: string;
  lastDate: string;
  action: string;
  formUrl: string;
}

interface Ready {
  template: WritableTemplate;
  draft: OneOffDraft;
}

interface ReadyMessage extends Ready {
  template: DispatchedTemplate;
}

const showCheck = page<Check>("send/check-send.njk");

export async function checkSend(visit: ServiceVisit): Promise<Answer> {
  const ready = await readReady(visit);
  if (!("draft" in ready)) return ready;
  return showWith(visit, ready, formOf({ send: "", recipient: "", date: "", time: "" }));
}

/** Sends once, however often it is asked to. */
export async function confirmSend(visit: ServiceVisit): Promise<Answer> {
  const ready = await readReady(visit);
  if (!("draft" in ready)) return ready;
  const values = readFields(visit, FIELDS);
  return submit({
    values,
    refusedAt: "send",
    act: () => send(visit, ready, values),
    showAgain: (form) => showWith(visit, ready, form),
  });
}

/** What is not written to the end is gone back to; what has been sent is shown. */
async function readReady(visit: ServiceVisit): Promise<Ready | Answer> {
  const { service } = visit;
  const template = await getTemplate(visit);
  const draft = await getDraft(visit, template);
  if (draft.notificationId) return redirect(messagePath(service, draft.notificationId));
  if (!canSend(visit, template)) return redirect(sendPath(service.id, template.templateId, draft.id));
  const files = await filesInWords(visit.app.templates, template);
  const missing = missingValues(template, { ...draft, files }).filter(
    (name) => !isForRecipient(template.channel, name),
  );
  const isWritten = draft.recipient !== undefined && missing.length === 0 && mayGetThere(visit, template, draft);
  if (!isWritten || !isSenderThere(visit, template, draft))
    return redirect(sendPath(service.id, template.templateId, draft.id));
  return { template, draft };
}

/** Whether letters may be sent abroad can have changed since. */
function mayGetThere(
  { service }: ServiceVisit,
  { channel }: TemplateVersion,
  { recipient = "" }: OneOffDraft,
): boolean {
  if (channel !== "letter") return true;
  try {
    readAddress(service, recipient);
    return true;
  } catch {
    return false;
  }
}

/** It may have been removed since it was chosen. */
function isSenderThere({ service }: ServiceVisit, { channel }: TemplateVersion, { senderId }: OneOffDraft): boolean {
  const all: readonly { id: string }[] =
    channel === "sms" ? [...service.textSenders, ...service.senderPools] : service.replyToAddresses;
  return senderId === undefined || all.some(({ id }) => id === senderId);
}

async function showWith(visit: ServiceVisit, { template, draft }: Ready, form: Form<Field>): Promise<Answer> {
  const { service, text, now } = visit;
  const letter = isDispatched(template) ? undefined : await checkLetter(visit, { template, draft });
  const days = isDispatched(template) ? daysAheadMax(service, template.channel) : 0;
  const clocks = clocksAt(now, HOME_TIME_ZONE);
  const formUrl = sendPath(service.id, template.templateId, draft.id);
  return showCheck(visit, {
    form,
    template,
    ...(isDispatched(template)
      ? {
          rows: rowsOf(visit, { template, draft }),
          content: await contentOf(visit, template, { ...draft.values, ...(await linksIn(visit, template)) }),
          cost: await costOf(visit, { template, draft }),
        }
      : { rows: letter?.rows ?? [], content: undefined, cost: letter?.cost ?? "" }),
    letter,
    laterHint: text("send.check.laterHint", { count: days, zone: HOME_CITY, time: clocks.time }),
    firstDate: clocks.date,
    lastDate: clocksAt(new Date(now.getTime() + days * DAY_MS), HOME_TIME_ZONE).date,
    action: `${formUrl}/check`,
    formUrl,
  });
}

function rowsOf(visit: ServiceVisit, { template, draft }: ReadyMessage): Check["rows"] {
  const { app, service, text } = visit;
  const { channel } = template;
  const to = { key: text("send.row.to"), text: draft.recipient ?? "" };
  if (channel === "sms") {
    const sender = textSenderOf(visit, draft);
    return [{ key: text("send.row.from"), text: sender instanceof Refusal ? sender.message : sender.shown }, to];
  }
  const sender = chooseSender(app, { service, senderId: draft.senderId, recipient: { channel } });
  return [
    { key: text("send.row.from"), text: `${service.name} <${sender.shown}>` },
    { key: text("send.row.replyTo"), text: sender.used ?? text("send.row.noReplyTo") },
    to,
  ];
}

/** Also who it would be from in the recipient's country, or that nobody of the service may write there. */
function textSenderOf({ app, service }: ServiceVisit, { senderId, recipient = "" }: OneOffDraft) {
  const number = parsePhoneNumber(recipient);
  const to = { channel: "sms", ...(typeof number === "string" ? {} : { number }) } as const;
  try {
    const sender = chooseSender(app, { service, senderId, recipient: to });
    const { used, shown, note } = sender;
    return { shown: used ?? shown, note };
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
}

async function costOf(visit: ServiceVisit, { template, draft }: ReadyMessage): Promise<string> {
  const { app, service, text, formats, now: createdAt } = visit;
  if (template.channel === "email") return text("send.check.free");
  const sender = textSenderOf(visit, draft);
  const style = sender instanceof Refusal ? houseStyleOf(service) : styleFrom(service, sender);
  const fragments = channels.sms.units(renderTemplate(template, draft.values, style).content, style);
  const number = numberOf(app, service, draft);
  const unitPrice = number && (await app.prices.listed(service, await placeOf(app, number)));
  const rateMultiplier = number?.rateMultiplier ?? 1;
  const home = await app.prices.home();
  const price = priceOfWholeText({ fragments, rateMultiplier, unitPrice, createdAt, home });
  return text("send.check.cost", { count: fragments, price: formats.money(price) });
}

async function placeOf({ networks }: ServiceVisit["app"], { digits, rateMultiplier }: PhoneNumber) {
  return { digits, rateMultiplier, network: (await networks.find(digits))?.network };
}

/** A recipient that may no longer be sent to is said when one tries. */
function numberOf(
  app: ServiceVisit["app"],
  service: ServiceVisit["service"],
  draft: OneOffDraft,
): PhoneNumber | undefined {
  try {
    const recipient: Recipient = readRecipient(app, service, { channel: "sms", text: draft.recipient ?? "" });
    return recipient.channel === "sms" ? recipient.number : undefined;
  } catch (error) {
    if (error instanceof FormRefusal) return undefined;
    throw error;
  }
}

async function send(visit: ServiceVisit, { template, draft }: Ready, values: Values<Field>): Promise<Answer> {
  const { app, service, text, formats } = visit;
  const { channel } = template;
  const isLetter = channel === "letter";
  if (isLetter) await refuseTooLong(visit, { template, draft });
  const scheduledFor = visit.body.has("later") && !isLetter ? readTime(visit, values) : undefined;
  try {
    const id = await sendOneOff(app, senderOf(visit), {
      service,
      draftId: draft.id,
      scheduledFor,
      origins: () => originsOf(visit),
    });
    const flash = scheduledFor
      ? text("send.scheduled", { time: formats.exactTime(scheduledFor) })
      : text(`send.sent.${channel}`);
    return redirect(messagePath(service, id), { flash });
  } catch (error) {
    if (!isLetter && error instanceof FormRefusal && error.problems[0]?.field === "scheduledFor") {
      const count = daysAheadMax(service, channel);
      throw new InvalidFields({ date: text("send.check.whenTooFar", { count }) });
    }
    throw inOurWords(error, { text, channel });
  }
}

function readTime({ text }: ServiceVisit, { date, time }: Values<Field>): Date {
  const moment = momentOnClocks({ date, time }, HOME_TIME_ZONE);
  if (!moment) throw new InvalidFields({ date: text("send.check.whenWrong") });
  return moment;
}
