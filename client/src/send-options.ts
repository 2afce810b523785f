/** What a send may say beside whom it is for and its template. */
import type { Personalisation } from "./personalisation.ts";

export interface LetterOptions {
  personalisation?: Personalisation;
  /** Yours, for one notification or a batch; never anything personal. */
  reference?: string;
  /** Makes it safe to send again: with the same key, within 24 hours, nothing is sent twice. Failed attempts are repeated. */
  idempotencyKey?: string;
}

/** What the API takes beyond GOV.UK Notify's own. */
export interface SendOptions extends LetterOptions {
  /** Within the next 24 hours. */
  scheduledFor?: Date | string;
  priority?: "high" | "normal" | "low";
  /** After this many seconds the message is no longer worth sending. */
  validForSeconds?: number;
  /** 0 to 300: how long it waits so that it can be cancelled, whatever the service has set. */
  undoSeconds?: number;
  /** Where this notification's receipt is posted, instead of the service's own URL. */
  callbackUrl?: string;
  /** `true`: nobody but the recipient sees what it says. `"hash"`: a keyed hash stays, which `checkContent` asks about. */
  noStore?: boolean | "hash";
}

export interface SmsOptions extends SendOptions {
  /** Who the text appears to come from, when not the service's default sender. */
  smsSenderId?: string;
  /** Shown at once and not kept by the phone. */
  flash?: boolean;
}

export interface EmailOptions extends SendOptions {
  /** Where replies go, when not the service's default address. */
  emailReplyToId?: string;
  /** Unsubscribes the recipient when a mail program posts to it (RFC 8058). */
  oneClickUnsubscribeURL?: string;
  /** Personalisation whose links and markdown are made harmless. */
  sanitiseContentFor?: readonly string[];
}

/** How each option is called in a request; an option that is not here is refused, since it is likely misspelt. */
export const LETTER_FIELDS = { personalisation: "personalisation", reference: "reference" } as const;
export const SEND_FIELDS = {
  ...LETTER_FIELDS,
  scheduledFor: "scheduled_for",
  priority: "priority",
  validForSeconds: "valid_for_seconds",
  undoSeconds: "undo_seconds",
  callbackUrl: "callback_url",
  noStore: "no_store",
} as const;
export const SMS_FIELDS = { ...SEND_FIELDS, smsSenderId: "sms_sender_id", flash: "flash" } as const;
export const EMAIL_FIELDS = {
  ...SEND_FIELDS,
  emailReplyToId: "email_reply_to_id",
  oneClickUnsubscribeURL: "one_click_unsubscribe_url",
  sanitiseContentFor: "sanitise_content_for",
} as const;
