/** Somebody a service does not send to any more. */
import type { DispatchedChannel } from "../../core/channels/channels.ts";
import type { SuppressionReason } from "../../core/suppression/suppression-reason.ts";

/** By whom or what an entry was made; `id` says which: a user, a key, a notification, a text from the public. */
export interface SuppressionSource {
  kind: "user" | "import" | "api-key" | "receipt" | "complaint" | "unsubscribe-link" | "inbound-text";
  id: string | undefined;
}

export interface NewSuppression {
  id: string;
  serviceId: string;
  channel: DispatchedChannel;
  recipientIndex: Buffer;
  sealedRecipient: Buffer;
  reason: SuppressionReason;
  source: SuppressionSource;
  createdAt: Date;
}

export interface StoredSuppression extends Omit<NewSuppression, "recipientIndex" | "source" | "serviceId"> {
  sourceKind: SuppressionSource["kind"];
  sourceId: string | undefined;
  /** The name of the user or of the API key that made it. */
  sourceName: string | undefined;
}

/** The same, opened. */
export interface Suppression extends Omit<StoredSuppression, "sealedRecipient"> {
  /** A number's digits (E.164 without the plus), or an address as it was given. */
  recipient: string;
}
