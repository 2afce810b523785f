/** What differs between the apps: how a message is written, what an answer means, and how news is read. Everything else is `chat-provider.ts`. */
import type { ChatApp } from "../../core/chat/chat-app.ts";
import type { Answer } from "../../platform/http.ts";
import type { ChatMessage, ChatReports, Outcome } from "../provider.ts";
import type { Throttled } from "./throttling.ts";

/** One request to the app. */
export interface ChatCall {
  url: string;
  headers: Record<string, string>;
  body: string | Buffer;
}

export type Answered = Extract<Answer, { kind: "answered" }>;

export interface ChatSupplier {
  apps: readonly ChatApp[];
  /** The request, or why there is none. */
  compose(message: ChatMessage, now: Date): ChatCall | Outcome;
  readAnswer(answered: Answered, message: ChatMessage): Outcome | Throttled;
  /** Where a message is sent is said by its recipient, not by us: an address that may not be called is its fault. */
  isAddressedByRecipient?: boolean;
  reports?: ChatReports;
  /** Of an app that is told where to report, by a request: that request, and whether it was answered well. */
  webhook?: { compose(url: string): ChatCall; isSet(answered: Answered): boolean };
}

const CODE_MAX_CHARACTERS = 40;

/** Nothing of what an app writes goes into a reason: its words may name the recipient. */
export function told(app: string, status: number, code?: string | number): { reason: string; code?: string } {
  const known = code === undefined ? "" : String(code);
  if (!/^[\w.-]+$/.test(known) || known.length > CODE_MAX_CHARACTERS)
    return { reason: `${app} answered with HTTP status ${status}`, code: String(status) };
  return { reason: `${app} answered with HTTP status ${status}, code ${known}`, code: known };
}
