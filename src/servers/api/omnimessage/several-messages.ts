/** An omnimessage of several messages, or by a chat app: a reach, whose steps are those messages (decision 59). */
import { chatAppName } from "../../../core/chat/chat-app.ts";
import { type ChatRecipient, parseChatRecipient } from "../../../core/chat/chat-recipient.ts";
import { REACH_SECONDS, stepMessageId } from "../../../core/reach/reach-course.ts";
import { freeChat, freeText } from "../../../flow/intake/free-text.ts";
import { chooseSender } from "../../../flow/intake/sender.ts";
import { startReach } from "../../../flow/reach/start-reach.ts";
import type { ReachWish, StepWish } from "../../../records/reaches/reach.ts";
import { type Answer, json } from "../http/answer.ts";
import type { Call } from "../http/call.ts";
import type { MessageChannel, OmnimessagePart } from "./read-message.ts";
import type { Omnimessage } from "./read-omnimessage.ts";

const MS_PER_SECOND = 1_000;

export async function sendSeveral({ api: { intake }, service, key }: Call, asked: Omnimessage): Promise<Answer> {
  const { number, messages, scheduledFor, callbackUrl, keeps, priority } = asked;
  const steps: StepWish[] = [];
  for (const [at, message] of messages.entries()) {
    const words = await (message.channel === "sms" ? freeText : freeChat)(intake, service.id, message.text);
    steps.push(stepOf({ ...message, at, isLast: at === messages.length - 1 }, asked, words));
  }
  const wish: ReachWish = { steps, priority, validForSeconds: undefined, keeps, omnimessageUrl: callbackUrl };
  const startAt = scheduledFor ?? intake.clock.now();
  const deadline = new Date(startAt.getTime() + secondsFor(messages) * MS_PER_SECOND);
  const { reach } = await startReach(intake, {
    ...{ service, key, wish, deadline, startAt: scheduledFor, mostCost: undefined },
    ...{ callbackUrl: undefined, reference: undefined, idempotency: undefined },
  });
  const senderOf = ({ channel, senderId }: OmnimessagePart) => {
    const recipient = recipientOf(channel, asked);
    if (recipient.channel === "chat") return chatAppName(recipient.person.app);
    return chooseSender(intake, { service, senderId, recipient }).shown;
  };
  return json(201, {
    omnimessage_id: reach.id,
    to: `+${number.digits}`,
    messages: messages.map((message, at) => ({
      channel: message.channel,
      message_id: stepMessageId(reach.id, at + 1),
      sender: senderOf(message),
    })),
  });
}

/** As long as all of them may take together; one that does not say so may take a day. */
function secondsFor(messages: readonly OmnimessagePart[]): number {
  const all = messages.reduce((sum, { ttlSeconds = REACH_SECONDS.default }) => sum + ttlSeconds, 0);
  return Math.min(REACH_SECONDS.max, all);
}

interface Place {
  at: number;
  isLast: boolean;
}

function stepOf(
  { channel, senderId, ttlSeconds, at, isLast }: OmnimessagePart & Place,
  asked: Pick<Omnimessage, "number">,
  words: Awaited<ReturnType<typeof freeText>>,
): StepWish {
  const recipient = recipientOf(channel, asked);
  return {
    ...{ number: at + 1, senderId, addressText: undefined, until: "delivered" },
    ...{ templateId: words.templateId, personalisation: words.personalisation, isFreeText: true },
    ...(recipient.channel === "chat"
      ? { channel: "chat", recipient: undefined, person: recipient.person }
      : { channel: "sms", recipient: asked.number.asSubmitted }),
    waitSeconds: isLast ? undefined : ttlSeconds,
    validForSeconds: ttlSeconds,
  };
}

function recipientOf(channel: MessageChannel, { number }: Pick<Omnimessage, "number">) {
  return channel === "sms"
    ? ({ channel, number } as const)
    : ({ channel: "chat", person: personIn(channel, number.digits) } as const);
}

function personIn(app: Exclude<MessageChannel, "sms">, digits: string): ChatRecipient {
  const person = parseChatRecipient({ app, phone_number: `+${digits}` });
  if (typeof person === "string") throw new Error("a number that was read cannot be read again");
  return person;
}
