/**
 * A callback to be made, as it waits in the queue: which callback, about what, and what was so when it was queued. It holds no personal
 * data and no secrets; those are read when it is made. A row of `callbacks` never changes, so a waiting job keeps its URL and token.
 */
import type { CallbackKind } from "../../records/services/service.ts";

interface Told {
  kind: CallbackKind;
  serviceId: string;
  /** What it tells about: a notification, a received text, or a reach. */
  subjectId: string;
  /** The service's callback of that moment; left out when there is none, and the address is the notification's own. */
  callbackId?: string;
  /** Attempts so far. */
  made: number;
}

/** Dates in ISO 8601, as JSON keeps them. */
export interface DeliveryReceiptJob extends Told {
  kind: "delivery-receipt";
  status: string;
  completedAt: string | undefined;
  sentAt: string | undefined;
}

/** Where its endpoint is, and what its token is, is read at each attempt. */
export interface ReceivedTextJob extends Told {
  kind: "received-text";
}

export interface ComplaintJob extends Told {
  kind: "complaint";
  complaintId: string;
  complainedAt: string;
}

export interface ReturnedLetterJob extends Told {
  kind: "returned-letter";
}

/** A reach that has ended changes no more, so it is read when it is told. */
export interface ReachResultJob extends Told {
  kind: "reach";
}

export type CallbackJob = DeliveryReceiptJob | ReceivedTextJob | ComplaintJob | ReturnedLetterJob | ReachResultJob;
