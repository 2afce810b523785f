/** Whether messages that somebody looks at have come further: asked for while they look, as telling would slow the sending. */
import type { App } from "../../../flow/app.ts";
import { listAttemptsAbout } from "../../../records/callbacks/callback-log-store.ts";
import { listEvents } from "../../../records/notifications/event-store.ts";
import { countStatusesFrom } from "../../../records/notifications/message-search-store.ts";
import { findNotification } from "../../../records/notifications/notification-store.ts";
import type { LiveData } from "../http/watches.ts";

const ID = "[\\da-f]{8}-[\\da-f]{4}-[\\da-f]{4}-[\\da-f]{4}-[\\da-f]{12}";
const MESSAGE = new RegExp(`^service\\.(${ID})\\.message\\.(${ID})$`);
const LIST = new RegExp(`^service\\.(${ID})\\.message-list\\.(${ID})$`);

export function messageTopic(serviceId: string, id: string): string {
  return `service.${serviceId}.message.${id}`;
}

/** Of a page whose oldest message that is under way is this one. */
export function listTopic(serviceId: string, oldestId: string): string {
  return `service.${serviceId}.message-list.${oldestId}`;
}

/** How a topic about messages is asked for; undefined for one that is about something else. */
export function watchMessages({ db }: Pick<App, "db">, topic: string): (() => Promise<LiveData>) | undefined {
  const [, serviceId, id] = MESSAGE.exec(topic) ?? [];
  if (serviceId && id) return () => readMessageState(db, serviceId, id);
  const [, listServiceId, oldestId] = LIST.exec(topic) ?? [];
  if (listServiceId && oldestId) return () => countStatusesFrom(db, listServiceId, oldestId);
  return undefined;
}

/** What a page says is known of a topic when it is made, so that its script notices what came between that and the first event. */
export async function knownOf(app: Pick<App, "db">, topic: string): Promise<string> {
  return JSON.stringify(await watchMessages(app, topic)?.());
}

/** Its status, and how many lines its timeline has beside. Nothing of a message that is not the service's. */
async function readMessageState(db: App["db"], serviceId: string, id: string): Promise<LiveData> {
  const [notification, events, attempts] = await Promise.all([
    findNotification(db, serviceId, id),
    listEvents(db, id),
    listAttemptsAbout(db, serviceId, id),
  ]);
  if (!notification) return { status: "", happened: 0, units: 0 };
  const { status, fragments: units } = notification; // the pages of a letter are there once its sheets are counted
  return { status, happened: events.length + attempts.length, units };
}
