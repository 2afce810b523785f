/** Whether anybody has written to a service, or its team has done anything about it, since a page was made: asked for while somebody looks. */
import type { App } from "../../../flow/app.ts";
import { findLastChange } from "../../../records/inbound-messages/conversation-store.ts";
import type { LiveData } from "../http/watches.ts";

const INBOX = /^service\.([\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12})\.inbox$/;

export function inboxTopic(serviceId: string): string {
  return `service.${serviceId}.inbox`;
}

/** How the topic is asked for; undefined for one that is about something else. */
export function watchInbox(app: Pick<App, "db">, topic: string): (() => Promise<LiveData>) | undefined {
  const [, serviceId] = INBOX.exec(topic) ?? [];
  return serviceId ? () => readLastChange(app, serviceId) : undefined;
}

export async function knownOfInbox(app: Pick<App, "db">, serviceId: string): Promise<string> {
  return JSON.stringify(await readLastChange(app, serviceId));
}

async function readLastChange({ db }: Pick<App, "db">, serviceId: string): Promise<LiveData> {
  const { newestTextId, changedAt } = await findLastChange(db, serviceId);
  return { newest: newestTextId ?? null, changedAt: changedAt?.toISOString() ?? null };
}
