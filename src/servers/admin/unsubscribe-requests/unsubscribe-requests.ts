/** `/services/:sid/unsubscribe-requests`: who wants no more of a service's emails, to be taken off its lists. */
import { Refusal } from "../../../core/refusal.ts";
import {
  completeRequests,
  listDone,
  readWaitingRequests,
  type ShownUnsubscribeRequest,
  tableOfRequests,
  type WaitingRequests,
} from "../../../flow/unsubscribe-requests.ts";
import type { ProcessedRequests } from "../../../records/unsubscribe-requests/unsubscribe-request-store.ts";
import { actorOf } from "../http/actor.ts";
import { type Answer, redirect } from "../http/answer.ts";
import { csvAnswer } from "../http/csv.ts";
import { readFields } from "../http/form.ts";
import { asId } from "../http/ids.ts";
import { page } from "../http/page.ts";
import { type Route, route } from "../http/route.ts";
import type { ServiceVisit } from "../http/visit.ts";

const REQUESTS = "/services/:sid/unsubscribe-requests";
const ROWS_SHOWN = 50;
const MAY_SEE = { permission: "view_activity" } as const;
/** Never a platform administrator: it is the service that has taken people off its lists. */
const MAY_COMPLETE = { ...MAY_SEE, membersOnly: true } as const;

interface RequestsPage extends WaitingRequests {
  url: string;
  csvUrl: string | undefined;
  mayComplete: boolean;
  messagesUrl: string;
  done: readonly (ProcessedRequests & { csvUrl: string })[];
}

const showRequests = page<RequestsPage>("unsubscribe-requests/unsubscribe-requests.njk");

export const unsubscribeRequestRoutes: readonly Route[] = [
  route({ method: "GET", url: REQUESTS, who: MAY_SEE, handler: openRequests }),
  route({ method: "GET", url: `${REQUESTS}.csv`, who: MAY_SEE, handler: downloadRequests }),
  route({ method: "POST", url: `${REQUESTS}/completions`, who: MAY_COMPLETE, handler: complete }),
];

export function unsubscribeRequestsUrl({ service }: ServiceVisit): string {
  return `/services/${service.id}/unsubscribe-requests`;
}

async function openRequests(visit: ServiceVisit): Promise<Answer> {
  const { app, service, isMember, may } = visit;
  const [waiting, done] = await Promise.all([readWaitingRequests(app, service, ROWS_SHOWN), listDone(app, service.id)]);
  const url = unsubscribeRequestsUrl(visit);
  return showRequests(visit, {
    ...waiting,
    url,
    csvUrl: waiting.upTo && `${url}.csv?up-to=${waiting.upTo}`,
    mayComplete: isMember && may("view_activity") && waiting.upTo !== undefined,
    messagesUrl: `/services/${service.id}/messages`,
    done: done.map((one) => ({ ...one, csvUrl: `${url}.csv?done=${one.processedAt.toISOString()}` })),
  });
}

async function downloadRequests(visit: ServiceVisit): Promise<Answer> {
  const { app, service, text } = visit;
  const requests = await tableOfRequests(app, service, whichAskedFor(visit));
  const columns = ["emailAddress", "template", "sent", "requested"] as const;
  const heads = columns.map((column) => text(`unsubscribeRequests.column.${column}`));
  return csvAnswer("unsubscribe-requests.csv", [heads, ...requests.map(rowOf)]);
}

function rowOf({ recipient, template, sentAt, requestedAt }: ShownUnsubscribeRequest): string[] {
  return [recipient, template, sentAt.toISOString(), requestedAt.toISOString()];
}

/** What waits, unless it is asked for what was done. */
function whichAskedFor({ query }: ServiceVisit): { upTo: string | undefined } | { processedAt: Date } {
  const done = query.get("done");
  if (done === null) return { upTo: asId(query.get("up-to")) };
  const processedAt = new Date(done);
  if (!Number.isNaN(processedAt.getTime())) return { processedAt };
  throw new Refusal("not-found", "There is no such list");
}

async function complete(visit: ServiceVisit): Promise<Answer> {
  const { app, service, text } = visit;
  const upTo = asId(readFields(visit, ["upTo"]).upTo);
  if (!upTo) throw new Refusal("bad-request", "Say up to which request");
  const count = await completeRequests(app, actorOf(visit), { serviceId: service.id, upTo });
  return redirect(unsubscribeRequestsUrl(visit), { flash: text("unsubscribeRequests.completed", { count }) });
}
