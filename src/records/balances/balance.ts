/** What an organisation's texts are paid from. Amounts are exact decimals, as text, in the currency of the deployment. */
export interface Balance {
  organisationId: string;
  /** While it is off, nothing is held and nothing refused. */
  isOn: boolean;
  /** What may still be spent, the credit beside. */
  available: string;
  /** For texts that are under way. */
  held: string;
  /** How far below nothing it may go. */
  creditLimit: string;
  /** The organisation's people are told once when less is available. */
  lowAt: string | undefined;
}

export const ENTRY_KINDS = ["top-up", "adjustment", "hold", "settlement", "release"] as const;
export type EntryKind = (typeof ENTRY_KINDS)[number];

export interface NewEntry {
  id: string;
  organisationId: string;
  at: Date;
  kind: EntryKind;
  /** What it does to what is available: "-0.048". */
  amount: string;
  /** What it does to what is held. */
  heldChange: string;
  /** Texts that it is about. */
  texts: number;
  /** A user's id, or what an operator's command is called; undefined for the housekeeping. */
  actor: string | undefined;
  note: string;
}

/** What is held for one text, written with it. */
export interface NewHold {
  notificationId: string;
  organisationId: string;
  amount: string;
  heldAt: Date;
  lookAt: Date;
}

export interface Hold extends NewHold {
  /** Whether an entry says that it is held. */
  isEntered: boolean;
}
