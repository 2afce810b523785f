/** What the demonstration's phones show: texts that came and texts that were written on them, a phone for each number. */
import { formatForPeople, normaliseSender } from "../../../core/phone/format-phone-number.ts";
import type { KeptSandboxMessage } from "../../../records/sandbox-outbox/sandbox-outbox-store.ts";

const BUBBLES_MAX = 40;

export interface Phone {
  /** The id of one of its texts, which goes into addresses in the number's place; "" for one that has none yet. */
  id: string;
  /** In digits, with the country's. */
  number: string;
  /** As people write it. */
  shown: string;
  /** Oldest first. */
  bubbles: readonly Bubble[];
  latest: { at: Date; text: string } | undefined;
}

export interface Bubble {
  id: string;
  /** Who wrote it, or for an answer to whom it was written. */
  with: string;
  text: string;
  at: Date;
  isFromPhone: boolean;
  /** In how many parts it was carried. */
  parts: number;
}

/** Of messages of all channels, newest first; the phone on which something happened last comes first. */
export function phonesOf(messages: readonly KeptSandboxMessage[]): Phone[] {
  const byNumber = new Map<string, KeptSandboxMessage[]>();
  for (const message of messages) {
    if (message.channel !== "sms") continue;
    const number = numberOf(message);
    byNumber.set(number, [...(byNumber.get(number) ?? []), message]);
  }
  return [...byNumber].map(([number, texts]) => phoneOf(number, texts));
}

/** The phone that a text is on, by the text's id. */
export function phoneWith(
  phones: readonly Phone[],
  texts: readonly KeptSandboxMessage[],
  textId: string,
): Phone | undefined {
  const text = texts.find(({ id }) => id === textId);
  return text && phones.find(({ number }) => number === numberOf(text));
}

/** A phone on which nothing has happened. */
export function unusedPhone(number: string): Phone {
  return { id: "", number, shown: formatForPeople(number), bubbles: [], latest: undefined };
}

function phoneOf(number: string, texts: readonly KeptSandboxMessage[]): Phone {
  const [newest] = texts;
  return {
    id: newest?.id ?? "",
    number,
    shown: formatForPeople(number),
    bubbles: texts.slice(0, BUBBLES_MAX).map(bubbleOf).reverse(),
    latest: newest && { at: newest.at, text: newest.text },
  };
}

function bubbleOf({ id, from, to, text, at, isFromPhone = false, parts = 1 }: KeptSandboxMessage): Bubble {
  return { id, with: showSender(isFromPhone ? to : from), text, at, isFromPhone, parts };
}

function numberOf({ from, to, isFromPhone = false }: KeptSandboxMessage): string {
  return normaliseSender(isFromPhone ? from : to);
}

/** A name stays as it is. */
export function showSender(sender: string): string {
  const digits = normaliseSender(sender);
  return /^\d{7,}$/.test(digits) ? formatForPeople(digits) : sender;
}
