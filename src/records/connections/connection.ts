/** A ready-made link from another product to a service: which template it sends, and how it reads what that product posts. */
import type { ConnectionKind } from "../../core/connections/connection-kind.ts";
import type { Reading } from "../../core/connections/judge-event.ts";

export const CONNECTION_LIMITS = { connections: 50, nameCharacters: 60, repeatDays: 30, fields: 50 } as const;

export interface ConnectionTerms extends Reading {
  name: string;
  templateId: string;
  /** The same event within so many days makes one message. */
  repeatDays: number;
  /** Of Salesforce alone, whose messages say it. */
  organizationId: string | undefined;
}

export interface Connection extends ConnectionTerms {
  id: string;
  serviceId: string;
  kind: ConnectionKind;
  isOn: boolean;
  createdAt: Date;
  /** Undefined: nobody has called yet, or nobody in weeks. */
  lastCalledAt: Date | undefined;
}

export const CALL_OUTCOMES = ["sent", "repeated", "left-out", "refused"] as const;

export interface NewConnectionCall {
  id: string;
  connectionId: string;
  outcome: (typeof CALL_OUTCOMES)[number];
  /** The condition that did not hold, or why it was refused. */
  reason: string | undefined;
  notificationId: string | undefined;
  eventIndex: Buffer | undefined;
}

export type ConnectionCall = Omit<NewConnectionCall, "connectionId" | "eventIndex">;
