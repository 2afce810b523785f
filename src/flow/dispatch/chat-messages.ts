/** What is peculiar to chat messages on their way out: by which providers their app is reached, and in which form they may go. */
import type { DispatchedChannel } from "../../core/channels/channels.ts";
import type { ApprovedTemplate } from "../../core/chat/approved-template.ts";
import { type ChatApp, isChatApp } from "../../core/chat/chat-app.ts";
import { asSentence, lookUp, normaliseKey } from "../../core/template/personalisation.ts";
import type { ApprovedMessage, ChatMessage } from "../../providers/provider.ts";
import { type ChatFacts, listChatFacts } from "../../records/chat-contacts/chat-contact-store.ts";
import type { OutgoingNotification, PersonalContent } from "../../records/notifications/notification.ts";
import type { App } from "../app.ts";
import { houseStyleOf, renderTemplate } from "../rendering.ts";
import type { RoutingRule } from "../routing/routing.ts";
import type { Fleet } from "./fleet.ts";
import type { Sendable } from "./messages.ts";

/** So long after its last word WhatsApp lets a business answer somebody in any words; a minute less, for clocks and queues. */
export const ANSWERABLE_MS = 24 * 60 * 60_000 - 60_000;

/** By notification. */
export type ChatFactsById = ReadonlyMap<string, ChatFacts>;

const NO_FACTS: ChatFactsById = new Map();

/** One statement for a batch of chat messages, and none for any other. */
export async function chatFactsOf(
  { db, clock }: Pick<App, "db" | "clock">,
  channel: DispatchedChannel,
  ids: readonly string[],
): Promise<ChatFactsById> {
  if (channel !== "chat") return NO_FACTS;
  const wroteSince = new Date(clock.now().getTime() - ANSWERABLE_MS);
  return new Map((await listChatFacts(db, ids, wroteSince)).map((facts) => [facts.id, facts]));
}

/** Of the routes of a channel, those to providers that can carry a message: which of them reach an app is theirs to say. */
export function routesFor(
  fleet: Fleet,
  { channel, sender }: Pick<OutgoingNotification, "channel" | "sender">,
): readonly RoutingRule[] {
  const routes = fleet.routing.routes(channel);
  if (channel !== "chat") return routes;
  const app = appOf(sender);
  return routes.filter(({ provider }) => {
    const made = fleet.find(provider);
    return made?.channel === "chat" && made.provider.apps.includes(app);
  });
}

/**
 * Whoever has written is answered by the bot or the number that they wrote to, where that can carry the message now: those of another they may
 * not know, and it may not be let write to them.
 */
export function keepingTo(
  facts: ChatFacts | undefined,
  routes: readonly RoutingRule[],
  isUsable: (route: RoutingRule) => boolean,
): readonly RoutingRule[] {
  for (const provider of facts?.wroteBy ?? []) {
    const known = routes.filter((route) => route.provider === provider && isUsable(route));
    if (known.length > 0) return known;
  }
  return routes;
}

/** A message as its provider takes it. */
export function chatMessage(
  { notification, service, template }: Sendable,
  content: PersonalContent,
  { facts, provider }: { facts: ChatFacts | undefined; provider: string },
): ChatMessage {
  const { recipient, personalisation } = content;
  const { body } = renderTemplate(template, personalisation, houseStyleOf(service)).content;
  return {
    notificationId: notification.id,
    app: appOf(notification.sender),
    to: recipient,
    title: service.name,
    text: body,
    isAnswer: facts?.answerableBy.includes(provider) ?? false,
    ...(facts?.approved ? { template: approvedMessage(facts.approved, personalisation) } : {}),
    ...(notification.validUntil ? { validUntil: notification.validUntil } : {}),
  };
}

function approvedMessage(
  { name, language, values }: ApprovedTemplate,
  personalisation: PersonalContent["personalisation"],
): ApprovedMessage {
  const given = lookUp(personalisation);
  const wordsFor = (key: string): string => {
    const value = given.get(normaliseKey(key));
    return typeof value === "object" ? asSentence(value) : (value ?? "");
  };
  return { name, language, values: values.map(wordsFor) };
}

function appOf(sender: string | undefined): ChatApp {
  if (!isChatApp(sender)) throw new Error("a chat message is of no app that is known");
  return sender;
}
