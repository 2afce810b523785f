/** A verification: somebody is to prove, by a code that is sent there, that a number or an address is theirs. */
import type { TypedChannel } from "../../core/channels/channels.ts";
import type { CodeCharacters } from "../../core/verification/code.ts";
import type { KeyKind } from "../services/service.ts";

/** What was asked for, as far as it takes to send another code; sealed, and gone once none is to be sent. */
export interface VerificationWish {
  /** As submitted. */
  phoneNumber?: string | undefined;
  emailAddress?: string | undefined;
  smsTemplateId?: string | undefined;
  emailTemplateId?: string | undefined;
  personalisation: Record<string, string | string[]>;
  smsSenderId?: string | undefined;
  emailReplyToId?: string | undefined;
  codeLength: number;
  codeCharacters: CodeCharacters;
  lifeSeconds: number;
  /** Where an email follows a text that does not arrive. */
  fallbackAfterSeconds?: number | undefined;
}

export interface NewVerification {
  id: string;
  serviceId: string;
  keyKind: KeyKind;
  apiKeyId: string;
  reference: string | undefined;
  sealedWish: Buffer;
  createdAt: Date;
  expiresAt: Date;
  attemptsMax: number;
  /** By which its first code is sent. */
  channel: TypedChannel;
}

export interface Verification extends Omit<NewVerification, "sealedWish" | "channel"> {
  sealedWish: Buffer | undefined;
  lastSentAt: Date;
  sends: number;
  fellBackAt: Date | undefined;
  attempts: number;
  verifiedAt: Date | undefined;
  verifiedBy: TypedChannel | undefined;
}

/** The places of codes: one and two were asked for. */
export const FALLBACK_NUMBER = 3;

export interface NewVerificationCode {
  verificationId: string;
  number: number;
  channel: TypedChannel;
  codeHash: Buffer;
  notificationId: string;
  sentAt: Date;
  expiresAt: Date;
}

export type VerificationCode = NewVerificationCode;
