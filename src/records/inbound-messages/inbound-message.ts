/** A text that the public wrote to one of a service's numbers. */
export interface InboundMessage {
  id: string;
  serviceId: string;
  /** The number it was written to, as its service knows it. */
  notifyNumber: string;
  /** Who wrote: an international number where it is one, else as the carrier named it. */
  userNumber: string;
  content: string;
  /** When the carrier says it was sent, else when it came. */
  sentAt: Date;
  createdAt: Date;
}
