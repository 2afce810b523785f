/** Reaching one person by several steps: what can be asked for. */

import type { ChatRecipient } from "./chat-recipient.ts";
import type { Personalisation } from "./personalisation.ts";
import type { ReachUntil } from "./reach-answers.ts";
import { fieldsOf } from "./request-fields.ts";
import type { ToContact } from "./to-contact.ts";

interface AnyStep {
  templateId: string;
  /** Values of this step alone. A letter's address is among them. */
  personalisation?: Personalisation;
  /** What has to happen for this step to have reached the person; `delivered` if left out. */
  until?: ReachUntil;
  /** After which the next step goes. Left out: when this one has failed. Not for the last. */
  waitSeconds?: number;
}

export type ReachStepWish =
  | (AnyStep & { channel: "sms"; phoneNumber: string; smsSenderId?: string })
  | (AnyStep & { channel: "email"; emailAddress: string; emailReplyToId?: string })
  | (AnyStep & { channel: "letter" })
  | (AnyStep & { channel: "chat"; recipient: ChatRecipient })
  | (AnyStep & ToContact & { channel: "sms"; smsSenderId?: string })
  | (AnyStep & ToContact & { channel: "email"; emailReplyToId?: string })
  | (AnyStep & ToContact & { channel: "chat"; recipient: { app: "whatsapp" | "viber" } });

export interface ReachOptions {
  personalisation?: Personalisation;
  reference?: string;
  /** Seconds from now, or an ISO 8601 time; a day if left out. */
  deadline?: number | string;
  /** What all of it may cost: "0.40". */
  mostCost?: string | number;
  priority?: "high" | "normal" | "low";
  validForSeconds?: number;
  callbackUrl?: string;
  idempotencyKey?: string;
}

const STEP_FIELDS = {
  channel: "channel",
  templateId: "template_id",
  contactId: "contact_id",
  phoneNumber: "phone_number",
  smsSenderId: "sms_sender_id",
  emailAddress: "email_address",
  emailReplyToId: "email_reply_to_id",
  recipient: "recipient",
  personalisation: "personalisation",
  until: "until",
  waitSeconds: "wait_seconds",
} as const;

const REACH_FIELDS = {
  personalisation: "personalisation",
  reference: "reference",
  deadline: "deadline",
  mostCost: "most_cost",
  priority: "priority",
  validForSeconds: "valid_for_seconds",
  callbackUrl: "callback_url",
} as const;

/** The body of the request. */
export function reachBody(
  steps: readonly ReachStepWish[],
  options: Omit<ReachOptions, "idempotencyKey">,
): Record<string, unknown> {
  return { steps: steps.map((step) => fieldsOf({ ...step }, STEP_FIELDS)), ...fieldsOf({ ...options }, REACH_FIELDS) };
}
