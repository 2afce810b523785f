/** Whether anybody has written to a service since a page was made: asked for while somebody looks. */
import type { App } from "../../../flow/app.ts";
import { listConversations } from "../../../records/inbound-messages/conversation-store.ts";
import type { LiveData } from "../http/watches.ts";

const INBOX = /^service\.([\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12})\.inbox$/;

export function inboxTopic(serviceId: string): string {
  return `service.${serviceId}.inbox`;
}

/** How the topic is asked for; undefined for one that is about something else. */
export function watchInbox(app: Pick<App, "db">, topic: string): (() => Promise<LiveData>) | undefined {
  const [, serviceId] = INBOX.exec(topic) ?? [];
  return serviceId ? () => readNewest(app, serviceId) : undefined;
}

export async function knownOfInbox(app: Pick<App, "db">, serviceId: string): Promise<string> {
  return JSON.stringify(await readNewest(app, serviceId));
}

async function readNewest({ db }: Pick<App, "db">, serviceId: string): Promise<LiveData> {
  const [newest] = await listConversations(db, { serviceId, limit: 1 });
  return { newest: newest?.id ?? null };
}
