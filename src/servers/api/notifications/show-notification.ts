/** Opens and renders a notification for its service. */
import { openContent, wordsOf } from "../../../flow/personal-content.ts";
import { unsubscribeUrl } from "../../../flow/unsubscribe-link.ts";
import { listLetters } from "../../../records/letters/letter-store.ts";
import type { Notification } from "../../../records/notifications/notification.ts";
import { type Call, originOf } from "../http/call.ts";
import { presentNotification, type ShownLetter } from "./present-notification.ts";

export async function showNotification(call: Call, notification: Notification) {
  const [shown] = await showNotifications(call, [notification]);
  return shown;
}

/** What letters keep beside their notifications is read for all of them together. */
export async function showNotifications(call: Call, notifications: readonly Notification[]) {
  const letters = await findLetters(call, notifications);
  return Promise.all(notifications.map((notification) => show(call, notification, letters.get(notification.id))));
}

async function findLetters(call: Call, notifications: readonly Notification[]): Promise<Map<string, ShownLetter>> {
  const ids = notifications.filter(({ channel }) => channel === "letter").map(({ id }) => id);
  if (ids.length === 0) return new Map();
  const [letters, printing] = await Promise.all([listLetters(call.api.intake.db, ids), call.api.printTimetable()]);
  return new Map(letters.map((letter) => [letter.notificationId, { ...letter, printing }]));
}

async function show(call: Call, notification: Notification, letter: ShownLetter | undefined) {
  const { service } = call;
  const { intake } = call.api;
  const origin = originOf(call);
  const home = await intake.prices.home();
  const template = await intake.templates.findVersion(notification.templateId, notification.templateVersion);
  if (!template) throw new Error("a notification's template version is missing");
  const content = openContent(service, notification);
  const { subject, body } = wordsOf(template, service, content);
  const ownUrl = template.hasUnsubscribeLink
    ? unsubscribeUrl(intake, { service, notification, recipient: content.recipient, origin })
    : undefined;
  const unsubscribe = content.oneClickUnsubscribeUrl ?? ownUrl;
  return presentNotification(
    { notification, content, subject, body, unsubscribeUrl: unsubscribe, letter, home },
    origin,
  );
}
