/** With what a customer's system binds to us over SMPP, as it is bound for. Its password is not in it. */

/** What data_coding 0, "the default alphabet", is to a system: SMPP 3.4 leaves that to the two ends. */
export type DefaultAlphabet = "gsm7" | "latin1";

export interface SmppTerms {
  /** Networks it may bind from, in CIDR notation; none named: from anywhere. */
  allowedNetworks: readonly string[];
  bindsMax: number;
  /** Requests that may be unanswered on one bind, in either direction. */
  windowMax: number;
  ratePerSecond: number;
  /** Texts to the service's numbers are brought to it. */
  takesReplies: boolean;
  defaultAlphabet: DefaultAlphabet;
}

export interface SmppAccount extends SmppTerms {
  id: string;
  systemId: string;
  /** As of an API key. */
  kind: "live" | "team" | "test";
}

/** As people look after it. */
export interface ListedSmppAccount extends SmppAccount {
  createdAt: Date;
  revokedAt: Date | undefined;
  lastBoundAt: Date | undefined;
  lastBoundFrom: string | undefined;
  /** What waits to be brought to it. */
  waiting: number;
}

export const USUAL_TERMS: SmppTerms = {
  allowedNetworks: [],
  bindsMax: 2,
  windowMax: 50,
  ratePerSecond: 50,
  takesReplies: true,
  defaultAlphabet: "gsm7",
};

export const SMPP_LIMITS = { bindsMax: 50, windowMax: 1_000, ratePerSecond: 1_000 } as const;
/** As many as SMPP 3.4 allows (§5.2.2). */
export const SMPP_PASSWORD_CHARACTERS = 8;

/** Fifteen octets of system_id (SMPP 3.4 §5.2.1); small letters, so that nobody takes two for one. */
const SYSTEM_ID = /^[a-z0-9][a-z0-9_-]{2,14}$/;

export function isSystemId(text: string): boolean {
  return SYSTEM_ID.test(text);
}
