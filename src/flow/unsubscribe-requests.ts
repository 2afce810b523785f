/** What recipients of emails have asked for by their unsubscribe links: shown to the service, taken away, and marked as done. */
import { timeOfId } from "../platform/ids.ts";
import { open } from "../platform/sealing.ts";
import type { Service } from "../records/services/service.ts";
import { sealedAt } from "../records/services/service-store.ts";
import { listTemplateNames } from "../records/templates/template-name-store.ts";
import {
  countWaitingRequests,
  listProcessedRequests,
  listProcessings,
  listWaitingRequests,
  markProcessed,
  type ProcessedRequests,
  type StoredUnsubscribeRequest,
} from "../records/unsubscribe-requests/unsubscribe-request-store.ts";
import { type Actor, recordDeed } from "./actor.ts";
import type { App } from "./app.ts";

/** Of a table that is taken away, and so of what is marked at once. The rest comes next. */
const TABLE_ROWS_MAX = 50_000;
const PROCESSINGS_LISTED_MAX = 50;

type Reader = Pick<App, "db">;
type Owner = Pick<Service, "id" | "dataKey">;

export interface ShownUnsubscribeRequest {
  recipient: string;
  template: string;
  notificationId: string;
  sentAt: Date;
  requestedAt: Date;
}

export interface WaitingRequests {
  waiting: number;
  oldestAt: Date | undefined;
  /** The first of them. */
  requests: readonly ShownUnsubscribeRequest[];
  /** The last one of the table that can be taken away: what comes in meanwhile is not in it. */
  upTo: string | undefined;
}

/** What waits for the service, with the first few. */
export async function readWaitingRequests(app: Reader, service: Owner, shown: number): Promise<WaitingRequests> {
  const [counted, stored] = await Promise.all([
    countWaitingRequests(app.db, service.id),
    listWaitingRequests(app.db, { serviceId: service.id, limit: TABLE_ROWS_MAX }),
  ]);
  const requests = await present(app, service, stored.slice(0, shown));
  return { ...counted, requests, upTo: stored.at(-1)?.id };
}

/** What waits, up to the one named if it is; or what was done at a moment. */
export async function tableOfRequests(
  app: Reader,
  service: Owner,
  which: { upTo: string | undefined } | { processedAt: Date },
): Promise<ShownUnsubscribeRequest[]> {
  const wanted = { serviceId: service.id, limit: TABLE_ROWS_MAX };
  const stored =
    "upTo" in which
      ? await listWaitingRequests(app.db, { ...wanted, ...which })
      : await listProcessedRequests(app.db, { ...wanted, ...which });
  return present(app, service, stored);
}

export function listDone({ db }: Reader, serviceId: string): Promise<ProcessedRequests[]> {
  return listProcessings(db, serviceId, PROCESSINGS_LISTED_MAX);
}

/** The service has taken these people off its lists: those up to the one named. How many there were. */
export async function completeRequests(
  app: Pick<App, "db" | "clock">,
  actor: Actor,
  { serviceId, upTo }: { serviceId: string; upTo: string },
): Promise<number> {
  return app.db.transaction(async (tx) => {
    const requests = await markProcessed(tx, { serviceId, upTo, now: app.clock.now() });
    const deed = { serviceId, action: "unsubscribe-requests.completed", subject: "unsubscribe requests" };
    if (requests > 0) await recordDeed(tx, actor, { ...deed, after: { requests } });
    return requests;
  });
}

async function present(
  { db }: Reader,
  service: Owner,
  stored: readonly StoredUnsubscribeRequest[],
): Promise<ShownUnsubscribeRequest[]> {
  const names = await listTemplateNames(db, service.id, [...new Set(stored.map(({ templateId }) => templateId))]);
  const nameOf = new Map(names.map(({ id, name }) => [id, name]));
  return stored.map(({ id, notificationId, templateId, sealedRecipient, createdAt }) => ({
    recipient: open({ key: service.dataKey, belongsTo: sealedAt.unsubscribeRequest(id) }, sealedRecipient).toString(),
    template: nameOf.get(templateId) ?? "",
    notificationId,
    sentAt: timeOfId(notificationId),
    requestedAt: createdAt,
  }));
}
