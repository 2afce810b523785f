import type { Asked } from "../../core/replies/reply-words.ts";

/** A text that the public wrote to one of a service's numbers. */
export interface InboundMessage {
  id: string;
  serviceId: string;
  /** The number it was written to, as its service knows it. */
  notifyNumber: string;
  /** Who wrote: an international number where it is one, else as the carrier named it. */
  userNumber: string;
  content: string;
  /** In which chat app it was written; undefined for a text. */
  app?: string | undefined;
  /** By which one of several services that share the number was found. */
  keyword?: string | undefined;
  /** That it asks for, if it asks for one of these and nothing else. */
  asked?: Asked | undefined;
  /** When the carrier says it was sent, else when it came. */
  sentAt: Date;
  createdAt: Date;
}
