/**
 * How the message of a step goes out, by its channel: as any other message does, through the same door. A channel is a line of the table
 * at the end.
 */
import { channels, type DispatchedChannel } from "../../core/channels/channels.ts";
import { parseEmailAddress } from "../../core/email/parse-email-address.ts";
import { LETTER_PAGES_MAX, sheetsOf } from "../../core/letter/sheets.ts";
import { parsePhoneNumber } from "../../core/phone/parse-phone-number.ts";
import { type Decimal, decimal } from "../../core/price/decimal.ts";
import { letterRateOn } from "../../core/price/letter-rates.ts";
import { priceOfWholeText } from "../../core/price/text-price.ts";
import { type ReachChannel, stepMessageId } from "../../core/reach/reach-course.ts";
import { Refusal } from "../../core/refusal.ts";
import { parseInboundNumber } from "../../records/inbound-numbers/inbound-number-store.ts";
import { findNumberOwner } from "../../records/inbound-numbers/number-owner-store.ts";
import type { ReachWish, StepWish } from "../../records/reaches/reach.ts";
import { type ApiKey, mayUse, type Service } from "../../records/services/service.ts";
import { type Alongside, acceptWith, decide, type Intake, refuseIfTooLong, whereaboutsOf } from "../intake/accept.ts";
import { acceptLetter, type TemplatedLetter } from "../intake/accept-letter.ts";
import { listedPriceOf } from "../intake/charges.ts";
import { decideLetter } from "../intake/decide-letter.ts";
import { refuseIfMayNotSend } from "../intake/permissions.ts";
import type { Recipient, SendRequest } from "../intake/send-request.ts";
import { getSendableTemplate } from "../intake/sendable-template.ts";
import { isSimulated } from "../intake/simulated.ts";

const MS_PER_SECOND = 1_000;

export interface StepToSend {
  service: Service;
  key: Pick<ApiKey, "id" | "kind">;
  step: StepWish;
  wish: Omit<ReachWish, "steps">;
  /** Undefined while it is only looked at whether it can be sent. */
  reachId?: string;
  reference: string | undefined;
  deadline: Date;
  at: Date;
}

interface StepChannel {
  /** Refuses what cannot be sent; says what the message would cost at most. */
  price(intake: Intake, send: StepToSend): Promise<Decimal>;
  /** Accepts the message, and with it what `alongside` says; refuses as any send does. */
  accept(intake: Intake, send: StepToSend, alongside: Alongside): Promise<void>;
  /** Whether nothing is sent nor kept of it: for smoke tests. */
  isSimulated(send: StepToSend): boolean;
}

function dispatched(channel: DispatchedChannel): StepChannel {
  return {
    price: async (intake, send) => {
      const { service } = send;
      refuseIfMayNotSend(service, channel);
      const request = requestOf(send, channel);
      const template = await templateOf(intake, send, channel);
      const { draft, sender, style } = await decide(intake, request, template);
      refuseIfTooLong(draft, request, style);
      if (channel === "sms" && send.step.until === "answered") await refuseIfNobodyReads(intake, service, sender.used);
      const listed = await listedPriceOf(intake.prices, request, (await whereaboutsOf(intake, request))?.network);
      const unitPrice = listed === undefined ? undefined : decimal(listed);
      const { recipient } = request;
      if (recipient.channel !== "sms") return unitPrice ?? decimal("0.0");
      return priceOfWholeText({
        fragments: channels.sms.units(draft.content, style),
        rateMultiplier: recipient.number.rateMultiplier,
        unitPrice,
        createdAt: send.at,
      });
    },
    accept: async (intake, send, alongside) => {
      refuseIfMayNotSend(send.service, channel);
      const template = await templateOf(intake, send, channel);
      await acceptWith(intake, requestOf(send, channel), { template, alongside });
    },
    isSimulated: (send) => isSimulated(recipientOf(send.step, channel)),
  };
}

function templateOf({ templates }: Intake, { service, step }: StepToSend, channel: DispatchedChannel) {
  return getSendableTemplate(templates, { service, templateId: step.templateId, channel, isFreeText: step.isFreeText });
}

function requestOf(send: StepToSend, channel: DispatchedChannel): SendRequest {
  const { service, key, step, wish, reference } = send;
  const { templateId, personalisation, senderId, isFreeText = false } = step;
  return {
    ...{ service, key, templateId, personalisation, senderId, reference, isFreeText },
    ...(wish.keeps ? { keeps: wish.keeps } : {}),
    ...reportOf(send),
    recipient: recipientOf(step, channel),
    files: undefined,
    sanitiseContentFor: [],
    oneClickUnsubscribeUrl: undefined,
    priority: wish.priority,
    scheduledFor: undefined,
    validForSeconds: validForSeconds(send),
    isFlash: false,
    idempotency: undefined,
  };
}

/** A message of an omnimessage is reported on by the names it has there. */
function reportOf({ wish, reachId, step }: StepToSend): Pick<SendRequest, "callbackUrl"> & Partial<SendRequest> {
  const callbackUrl = wish.omnimessageUrl;
  if (callbackUrl === undefined || reachId === undefined) return { callbackUrl };
  const omnimessage = { id: reachId, messageId: stepMessageId(reachId, step.number) };
  return { callbackUrl, callbackForm: "omnimessage", omnimessage };
}

/** Nothing of it is sent after the deadline: not what waits for the morning, either. */
function validForSeconds({ wish, step, deadline, at }: StepToSend): number {
  const left = Math.max(1, Math.ceil((deadline.getTime() - at.getTime()) / MS_PER_SECOND));
  return Math.min(left, wish.validForSeconds ?? left, step.validForSeconds ?? left);
}

/** As it was submitted, which has been read before. */
function recipientOf({ recipient = "", person }: StepWish, channel: DispatchedChannel): Recipient {
  if (channel === "chat") {
    if (!person) throw new Error("the recipient of a step cannot be read");
    return { channel, person };
  }
  if (channel === "sms") {
    const number = parsePhoneNumber(recipient);
    if (typeof number === "string") throw new Error("the number of a step cannot be read");
    return { channel, number };
  }
  const address = parseEmailAddress(recipient);
  if (typeof address === "string") throw new Error("the address of a step cannot be read");
  return { channel, address };
}

/** A name cannot be answered, nor can a number that nobody here receives texts at. */
async function refuseIfNobodyReads({ db }: Intake, service: Service, sender: string | undefined): Promise<void> {
  const number = sender === undefined ? undefined : parseInboundNumber(sender);
  const owner = number !== undefined && mayUse(service, "inbound_sms") && (await findNumberOwner(db, [number]));
  if (owner) return;
  throw new Refusal("bad-request", `Nobody can answer texts from ${sender}: it is no number that receives texts`);
}

/** Its sheets are counted once it is set: until then it may have as many as a letter may have. */
const letter: StepChannel = {
  price: async (intake, send) => {
    const { postage } = await decideLetter(intake, letterOf(send));
    if (send.key.kind === "test") return decimal("0.0");
    return letterRateOn(send.at, { postage, sheets: sheetsOf(LETTER_PAGES_MAX) }, await intake.prices.home());
  },
  accept: async (intake, send, alongside) => {
    await acceptLetter(intake, letterOf(send), alongside);
  },
  isSimulated: () => false,
};

function letterOf({ service, key, step, reference }: StepToSend): TemplatedLetter {
  const { templateId, personalisation, addressText = "" } = step;
  return {
    ...{ service, key, templateId, personalisation, addressText, reference },
    fileNames: [],
    idempotency: undefined,
  };
}

export const STEP_CHANNELS: Record<ReachChannel, StepChannel> = {
  sms: dispatched("sms"),
  email: dispatched("email"),
  letter,
  chat: dispatched("chat"),
};
