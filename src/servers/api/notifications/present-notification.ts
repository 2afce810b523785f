/** A notification as the API shows it. */
import { letterTimings, type PrintHabits } from "../../../core/calendar/letter-timings.ts";
import { isChatApp } from "../../../core/chat/chat-app.ts";
import { presentChatRecipient } from "../../../core/chat/chat-recipient.ts";
import { COMPLETED_STATUSES, letterStatusShown, type Status } from "../../../core/delivery/statuses.ts";
import type { Postage } from "../../../core/letter/postage.ts";
import type { Cost } from "../../../core/price/cost-of.ts";
import { costOfNotification } from "../../../core/price/cost-of-notification.ts";
import { type HomeMoney, isInPounds } from "../../../core/price/home-money.ts";
import { asSentence, lookUp, normaliseKey } from "../../../core/template/personalisation.ts";
import type { Notification, PersonalContent } from "../../../records/notifications/notification.ts";
import { timestamp } from "../http/timestamp.ts";

/** All there is to show, opened and rendered. */
export interface ShownNotification {
  notification: Notification;
  content: PersonalContent;
  subject: string | undefined;
  body: string;
  /** The caller's own, or the one made for the template. */
  unsubscribeUrl: string | undefined;
  letter: ShownLetter | undefined;
  home: HomeMoney;
}

/** What a letter keeps beside its notification, and how this installation prints. */
export interface ShownLetter {
  /** It came as a PDF. */
  isPrecompiled: boolean;
  postage: Postage;
  /** Undefined until its PDF has been made, or has passed its checks. */
  sheets: number | undefined;
  printing: PrintHabits;
}

const LINE_KEYS = ["line_1", "line_2", "line_3", "line_4", "line_5", "line_6"] as const;
/** The address of a letter that came as a PDF is in the PDF. */
const PROVIDED_AS_PDF = "Provided as PDF";

export function presentNotification(shown: ShownNotification, origin: string) {
  const { notification, content, subject, body, unsubscribeUrl, letter } = shown;
  const { id, channel, templateId, templateVersion } = notification;
  return {
    id,
    reference: notification.reference ?? null,
    email_address: channel === "email" ? content.submittedRecipient : null,
    phone_number: channel === "sms" ? content.submittedRecipient : null,
    ...(channel === "chat" ? { recipient: presentChat(shown) } : {}),
    ...presentAddress(shown),
    type: channel,
    status: channel === "letter" ? letterStatusShown(statusOf(notification)) : notification.status,
    template: {
      id: templateId,
      version: templateVersion,
      uri: `${origin}/v2/template/${templateId}/version/${templateVersion}`,
    },
    body,
    subject: subject ?? null,
    created_at: timestamp(notification.createdAt),
    created_by_name: notification.createdByName ?? null,
    sent_at: timestamp(notification.sentAt),
    completed_at: COMPLETED_STATUSES.includes(statusOf(notification)) ? timestamp(notification.updatedAt) : null,
    scheduled_for: timestamp(notification.scheduledFor),
    postage: letter?.postage ?? null,
    one_click_unsubscribe_url: unsubscribeUrl ?? null,
    ...(content.contentHash === undefined ? {} : { content_hash: content.contentHash }),
    ...presentCost(costOfShown(shown), shown.home),
    ...(letter ? { estimated_delivery: timestamp(estimatedDelivery(notification, letter)) } : {}),
  };
}

function presentChat({ notification, content }: ShownNotification) {
  const { sender } = notification;
  return isChatApp(sender) ? presentChatRecipient(sender, content.submittedRecipient) : null;
}

type PresentedAddress = Record<(typeof LINE_KEYS)[number] | "postcode", string | null>;

/** As it was given, line by line; a seventh line is not shown. */
function presentAddress({ content, letter }: ShownNotification): PresentedAddress {
  const given = lookUp(letter && !letter.isPrecompiled ? content.personalisation : {});
  const lineOf = (name: string): string | null => asText(given.get(normaliseKey(name)));
  const lines = LINE_KEYS.map((key) => [key, lineOf(`address_${key}`)]);
  const address = Object.fromEntries([...lines, ["postcode", lineOf("postcode")]]) as PresentedAddress;
  return letter?.isPrecompiled ? { ...address, line_1: PROVIDED_AS_PDF } : address;
}

function asText(value: string | readonly string[] | undefined): string | null {
  return typeof value === "object" ? asSentence(value) : (value ?? null);
}

function estimatedDelivery({ createdAt }: Notification, { postage, printing }: ShownLetter): Date {
  return letterTimings({ createdAt, postage }, printing).latestDelivery;
}

function costOfShown({ notification, letter, home }: ShownNotification): Cost {
  const isTest = notification.keyKind === "test";
  return costOfNotification({ ...notification, status: statusOf(notification), isTest, letter }, home);
}

/** `cost_in_pounds` says nothing where the cost is in another currency: a name must not lie. */
function presentCost({ isCostDataReady, cost, costDetails }: Cost, home: HomeMoney) {
  return {
    is_cost_data_ready: isCostDataReady,
    cost_in_pounds: isInPounds(home) ? cost : null,
    cost_details: costDetails ? presentCostDetails(costDetails) : {},
    cost,
    currency: home.currency,
  };
}

function presentCostDetails(details: NonNullable<Cost["costDetails"]>) {
  if ("postage" in details) {
    return { billable_sheets_of_paper: details.billableSheetsOfPaper, postage: details.postage };
  }
  return {
    billable_sms_fragments: details.billableSmsFragments,
    international_rate_multiplier: details.internationalRateMultiplier,
    sms_rate: details.smsRate,
  };
}

/** The database holds no other words. */
function statusOf({ status }: Notification): Status {
  return status as Status;
}
