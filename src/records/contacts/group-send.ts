/** One message to a whole group. */
import type { DispatchedChannel } from "../../core/channels/channels.ts";

export type GroupSendStatus = "sending" | "sent" | "stopped" | "cancelled";

/** What became of members so far. */
export interface GroupSendCounts {
  accepted: number;
  suppressed: number;
  /** They have no number, or no address. */
  unreachable: number;
  withoutConsent: number;
  /** Of the area that it goes to. */
  outside: number;
  withoutPosition: number;
  refused: number;
}

export interface StoredGroupSend extends GroupSendCounts {
  id: string;
  serviceId: string;
  groupId: string;
  apiKeyId: string | undefined;
  createdByName: string | undefined;
  templateId: string;
  channel: DispatchedChannel;
  sealedRequest: Buffer;
  status: GroupSendStatus;
  stoppedBecause: string | undefined;
  /** The last member that was dealt with. */
  cursor: string | undefined;
  members: number;
  keyHash: Buffer | undefined;
  bodyHash: Buffer | undefined;
  createdAt: Date;
  finishedAt: Date | undefined;
}

/** Written with the message. */
export interface GroupSendMessage {
  sendId: string;
  contactId: string;
  notificationId: string;
}
