/** What has become of a message, in words. The statuses are those of Notify's API; what they mean to people depends on the channel. */
import { type StatusGroup, statusGroupOf } from "../../../core/delivery/status-groups.ts";
import type { Status } from "../../../core/delivery/statuses.ts";
import type { Channel } from "../../../records/services/service.ts";
import type { Text, TextKey } from "../catalogue/text.ts";

type StatusKey = Extract<TextKey, `messages.status.${string}`>;

const WORDS: Record<Status, StatusKey> = {
  created: "messages.status.delivering",
  sending: "messages.status.delivering",
  pending: "messages.status.delivering",
  sent: "messages.status.sentAbroad",
  delivered: "messages.status.delivered",
  failed: "messages.status.failed",
  "technical-failure": "messages.status.technicalFailure",
  "temporary-failure": "messages.status.phoneNotAccepting",
  "permanent-failure": "messages.status.notDelivered",
  "pending-virus-check": "messages.status.virusCheck",
  "validation-failed": "messages.status.validationFailed",
  "virus-scan-failed": "messages.status.virusFound",
  "returned-letter": "messages.status.returned",
  cancelled: "messages.status.cancelled",
};

const WORDS_OF_EMAIL: Partial<Record<Status, StatusKey>> = {
  sent: "messages.status.delivered",
  "temporary-failure": "messages.status.inboxNotAccepting",
  "permanent-failure": "messages.status.addressUnknown",
};

const WORDS_OF_LETTER: Partial<Record<Status, StatusKey>> = {
  created: "messages.status.toBePrinted",
  pending: "messages.status.toBePrinted",
  sending: "messages.status.atPrinter",
  delivered: "messages.status.posted",
  "technical-failure": "messages.status.notPrinted",
  "permanent-failure": "messages.status.notPrinted",
};

const WORDS_OF_CHANNEL: Partial<Record<Channel, Partial<Record<Status, StatusKey>>>> = {
  email: WORDS_OF_EMAIL,
  letter: WORDS_OF_LETTER,
};

export interface ShownStatus {
  /** As the API says it: for scripts that watch whether it has changed. */
  status: Status;
  words: string;
  colour: "pp-waiting" | "pp-delivered" | "pp-failed" | "";
}

const COLOURS: Record<StatusGroup, ShownStatus["colour"]> = {
  sending: "pp-waiting",
  delivered: "pp-delivered",
  failed: "pp-failed",
  cancelled: "",
};

export interface StatusToShow {
  channel: Channel;
  status: Status;
  scheduledFor?: Date | undefined;
  /** For two people to release it. */
  isHeld?: boolean;
}

/** What is held goes when people say so, whenever it was to go. */
export function shownStatus(
  { channel, status, scheduledFor, isHeld }: StatusToShow,
  { text, now }: { text: Text; now: Date },
) {
  const isScheduled = status === "created" && scheduledFor !== undefined && scheduledFor > now;
  const key = WORDS_OF_CHANNEL[channel]?.[status] ?? WORDS[status];
  const waiting = isScheduled ? "messages.status.scheduled" : key;
  const words = text(isHeld && status === "created" ? "messages.status.held" : waiting);
  return { status, words, colour: COLOURS[statusGroupOf(status)] } satisfies ShownStatus;
}
