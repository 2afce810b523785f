/** A reach: one person is to be reached by several steps, each of which is a message of its own. */
import type { ChatRecipient } from "../../core/chat/chat-recipient.ts";
import type { Keeping } from "../../core/content/keeping.ts";
import type { ReachChannel, ReachStatus, Until } from "../../core/reach/reach-course.ts";
import type { KeyKind } from "../services/service.ts";

export type Priority = "high" | "normal" | "low";

/** What it takes to send the message of one step. */
export interface StepWish {
  number: number;
  channel: ReachChannel;
  templateId: string;
  /** As submitted: a number or an address. None for letters, whose address is among their values. */
  recipient: string | undefined;
  /** Of a chat message. */
  person?: ChatRecipient | undefined;
  /** The lines of a letter's address as they were given. */
  addressText: string | undefined;
  personalisation: Record<string, string | string[]>;
  /** A text sender or a reply-to address of the service, by id. */
  senderId: string | undefined;
  until: Until;
  waitSeconds: number | undefined;
  /** Its words are its own, and its template the one that stands for such messages. */
  isFreeText?: boolean;
  /** After it was accepted, where it is not as long as all may be. */
  validForSeconds?: number | undefined;
}

/** What was asked for, as far as it takes to go on; sealed, and gone once it has ended. */
export interface ReachWish {
  steps: readonly StepWish[];
  priority: Priority | undefined;
  /** Of each message, from when it is accepted. */
  validForSeconds: number | undefined;
  /** Of the words of each. */
  keeps?: Keeping;
  /** Where each message of it is reported on, in the form of Messente's API. */
  omnimessageUrl?: string | undefined;
}

export interface NewReach {
  id: string;
  serviceId: string;
  keyKind: KeyKind;
  apiKeyId: string;
  reference: string | undefined;
  sealedWish: Buffer;
  sealedCallbackUrl: Buffer | undefined;
  createdAt: Date;
  deadline: Date;
  /** In the currency of the deployment: "0.4". */
  mostCost: string | undefined;
}

export interface Reach extends Omit<NewReach, "sealedWish"> {
  sealedWish: Buffer | undefined;
  status: ReachStatus;
  /** The last that was begun; 0 before the first. */
  step: number;
  reachedStep: number | undefined;
  reachedBy: Until | undefined;
  because: "deadline" | "no-steps-left" | undefined;
  endedAt: Date | undefined;
}

export interface ReachStep extends Pick<StepWish, "number" | "channel" | "templateId" | "until" | "waitSeconds"> {
  reachId: string;
  begunAt: Date | undefined;
  notificationId: string | undefined;
  cost: string | undefined;
  isSimulated: boolean;
  passedOver: "cost" | "refused" | undefined;
  passedOverWords: string | undefined;
}

/** A step whose message is accepted. */
export interface TakenStep {
  reachId: string;
  number: number;
  /** None for a simulated recipient. */
  notificationId: string | undefined;
  cost: string;
  at: Date;
}
