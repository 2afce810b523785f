/** Every kind of background work. */

import type { DispatchedChannel } from "../core/channels/channels.ts";
import type { Asked } from "../core/replies/reply-words.ts";

/** Send one notification; the job's id is the notification's. A channel whose providers are away holds up no other. */
export const DISPATCH_QUEUES = {
  sms: "dispatch-sms",
  email: "dispatch-email",
  chat: "dispatch-chat",
} as const satisfies Record<DispatchedChannel, string>;
/** Tell a service what became of a notification, or what the public wrote. */
export const CALLBACK_QUEUE = "callback";
/** A provider's report whose message we do not know yet. */
export const EARLY_RECEIPT_QUEUE = "early-receipt";
/** Make the PDF of a letter, or check the one that came; the job's id is the notification's. */
export const LETTER_QUEUE = "letter";
/** Hand a run of letters to its printer; the job's id is the run's. */
export const PRINT_RUN_QUEUE = "print-run";
/** See whether the text with a code has arrived, and send an email if not; the job's id is the verification's. */
export const FALLBACK_QUEUE = "verification-fallback";
/** See how far a reach is, and take its next step; the job's id is the reach's. */
export const REACH_QUEUE = "reach";
/** Post an alert to an address on the web. */
export const ALERT_POST_QUEUE = "alert-post";
/** Answer somebody's STOP, START or HELP, or forward by email what they wrote. */
export const REPLY_QUEUE = "reply";
/** Send one message to everybody in a group, some at a time; the job's id is that of the sending. */
export const GROUP_SEND_QUEUE = "group-send";
export type ReplyJob =
  | { kind: "answer"; serviceId: string; textId: string; asked: Asked }
  | { kind: "forward" | "forward-rest"; serviceId: string; textId: string; to: string };
