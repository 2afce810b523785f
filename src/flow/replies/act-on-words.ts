/**
 * STOP, START and HELP: what somebody asks for is done in the transaction that keeps their text, and answered once, later. Nobody is
 * answered twice within an hour, and only telephones and people in chat apps are: two machines that answer each other would never end.
 */
import type { ChatRecipient } from "../../core/chat/chat-recipient.ts";
import { parsePhoneNumber } from "../../core/phone/parse-phone-number.ts";
import { type Asked, askedIn, REPLY_WORD_MAX_CHARACTERS } from "../../core/replies/reply-words.ts";
import { newId } from "../../platform/ids.ts";
import { enqueue, LANES } from "../../platform/queue.ts";
import { blindIndex } from "../../platform/sealing.ts";
import { getReplySettings } from "../../records/replies/reply-settings-store.ts";
import { countTry } from "../../records/throttles/throttle-store.ts";
import type { Keeping } from "../inbound/keeping.ts";
import type { Recipient } from "../intake/send-request.ts";
import { REPLY_QUEUE, type ReplyJob } from "../jobs.ts";
import { lift, suppress } from "../suppressions/suppress.ts";

const ANSWERED_AGAIN_AFTER_SECONDS = 3_600;

/** Whether a text is short enough to ask for anything: for most no setting has to be read. */
export function mayAsk(words: string): boolean {
  return words.trim().length <= REPLY_WORD_MAX_CHARACTERS * 2;
}

/** Undefined for all but those few. */
export async function askedOf({ tx, service }: Keeping, words: string): Promise<Asked | undefined> {
  if (!mayAsk(words)) return undefined;
  const settings = await getReplySettings(tx, service.id);
  return settings.isOn ? askedIn(words, settings.words) : undefined;
}

/** In a chat words may be written as commands: "/stop". */
export function askedInChat(keeping: Keeping, words: string): Promise<Asked | undefined> {
  return askedOf(keeping, words.replace(/^\//, ""));
}

/** STOP and START hold for the app they are written in. */
export async function actOnChat(
  keeping: Keeping,
  { id: textId, person }: { id: string; person: ChatRecipient },
  asked: Asked,
): Promise<void> {
  await act(keeping, {
    textId,
    asked,
    recipient: { channel: "chat", person },
    writer: `${person.app} ${person.address}`,
  });
}

export async function actOn(
  keeping: Keeping,
  { id: textId, userNumber }: { id: string; userNumber: string },
  asked: Asked,
): Promise<void> {
  const number = parsePhoneNumber(`+${userNumber}`);
  if (typeof number === "string") return;
  await act(keeping, { textId, asked, recipient: { channel: "sms", number }, writer: userNumber });
}

interface Act {
  textId: string;
  asked: Asked;
  recipient: Recipient;
  /** Who is answered once within the hour. */
  writer: string;
}

async function act({ app, tx, service }: Keeping, { textId, asked, recipient, writer }: Act): Promise<void> {
  const source = { kind: "inbound-text", id: textId } as const;
  if (asked === "stop") await suppress(app, tx, { service, wishes: [{ recipient, reason: "asked-to-stop", source }] });
  if (asked === "start") await lift(app, tx, { service, recipient, reasons: ["asked-to-stop"] });
  const key = blindIndex(app.keys.searchIndex, `automatic answer ${service.id} ${writer}`);
  const guard = { key, triesMax: 1, windowSeconds: ANSWERED_AGAIN_AFTER_SECONDS, now: app.clock.now() };
  if ((await countTry(tx, guard)) !== undefined) return;
  const payload: ReplyJob = { kind: "answer", serviceId: service.id, textId, asked };
  await enqueue(tx, REPLY_QUEUE, { entries: [{ id: newId(), lane: LANES.high, group: service.id, payload }] });
}
