/** A notification as the API shows it. */
import { COMPLETED_STATUSES, letterStatusShown, type Status } from "../../../core/delivery/statuses.ts";
import { billableFragments } from "../../../core/price/billable-fragments.ts";
import { type Cost, costOf } from "../../../core/price/cost-of.ts";
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
}

/** For letters, of which there are none: always null. */
const NO_ADDRESS = {
  line_1: null,
  line_2: null,
  line_3: null,
  line_4: null,
  line_5: null,
  line_6: null,
  postcode: null,
};

export function presentNotification(shown: ShownNotification, origin: string) {
  const { notification, content, subject, body, unsubscribeUrl } = shown;
  const { id, channel, templateId, templateVersion } = notification;
  return {
    id,
    reference: notification.reference ?? null,
    email_address: channel === "email" ? content.submittedRecipient : null,
    phone_number: channel === "sms" ? content.submittedRecipient : null,
    ...NO_ADDRESS,
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
    postage: null,
    one_click_unsubscribe_url: unsubscribeUrl ?? null,
    ...presentCost(costOfNotification(notification)),
  };
}

function costOfNotification(notification: Notification): Cost {
  if (notification.channel !== "sms") return costOf({ channel: "email" });
  const status = statusOf(notification);
  const fragments = billableFragments({ ...notification, status, isTest: notification.keyKind === "test" });
  return costOf({ ...notification, channel: "sms", status, fragments });
}

function presentCost({ isCostDataReady, costInPounds, costDetails }: Cost) {
  return {
    is_cost_data_ready: isCostDataReady,
    cost_in_pounds: costInPounds,
    cost_details: costDetails
      ? {
          billable_sms_fragments: costDetails.billableSmsFragments,
          international_rate_multiplier: costDetails.internationalRateMultiplier,
          sms_rate: costDetails.smsRate,
        }
      : {},
  };
}

/** The database holds no other words. */
function statusOf({ status }: Notification): Status {
  return status as Status;
}
