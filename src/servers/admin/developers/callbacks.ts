/** `/services/:sid/developers/callbacks`: where a service's systems are told what happens, and what was told. */
import { replayAttempt } from "../../../flow/messages/replay-callback.ts";
import { type LoggedAttempt, listCallbackAttempts } from "../../../records/callbacks/callback-log-store.ts";
import { ENDPOINTS_MAX, listCallbackIds } from "../../../records/callbacks/callback-store.ts";
import type { Callback } from "../../../records/services/service.ts";
import { actorOf } from "../http/actor.ts";
import { type Answer, redirect } from "../http/answer.ts";
import { type Form, formOf, submit } from "../http/form.ts";
import { asId, idIn } from "../http/ids.ts";
import { page } from "../http/page.ts";
import { type Route, route } from "../http/route.ts";
import type { ServiceVisit } from "../http/visit.ts";
import { CALLBACKS, callbacksOf, MANAGES_KEYS, shownKinds } from "./callback-paths.ts";
import { endpointRoutes } from "./endpoints.ts";

const ATTEMPTS_PER_PAGE = 25;
const MESSAGE_PAGE = "/services/:sid/messages/:nid";

interface EndpointRow extends Pick<Callback, "endpointId" | "url" | "pausedAt"> {
  /** What it is told of, in words. */
  kinds: string;
  path: string;
  logUrl: string;
}

interface AttemptRow extends Omit<LoggedAttempt, "httpStatus" | "problem"> {
  /** The status, or why there was none. */
  answer: string;
  messageUrl: string | undefined;
  /** Where it was told; undefined for an address of the message's own, and for endpoints that are gone. */
  url: string | undefined;
}

interface Overview {
  serviceId: string;
  endpoints: readonly EndpointRow[];
  mayAdd: boolean;
  endpointsMax: number;
  attempts: readonly AttemptRow[];
  filters: readonly { text: string; href: string; isCurrent: boolean }[];
  /** The endpoint that the log is about. */
  logOf: string | undefined;
  onlyFailed: boolean;
  base: string;
  newerUrl: string | undefined;
  olderUrl: string | undefined;
  form: Form<"log">;
}

interface LogQuery {
  endpoint: Callback | undefined;
  onlyFailed: boolean;
  olderThan: string | undefined;
}

const showCallbacks = page<Overview>("developers/callbacks.njk");

export const callbackRoutes: readonly Route[] = [
  route({ method: "GET", url: CALLBACKS, who: MANAGES_KEYS, handler: list }),
  route({ method: "POST", url: `${CALLBACKS}/attempts/:aid/replay`, who: MANAGES_KEYS, handler: replay }),
  ...endpointRoutes,
];

function list(visit: ServiceVisit): Promise<Answer> {
  return showOverview(visit, formOf({ log: "" }));
}

async function showOverview(visit: ServiceVisit, form: Form<"log">): Promise<Answer> {
  const { app, service } = visit;
  const query = queryOf(visit);
  const { endpoint, onlyFailed, olderThan } = query;
  const callbackIds = endpoint && (await listCallbackIds(app.db, service.id, endpoint.endpointId));
  const filter = { serviceId: service.id, callbackIds, onlyFailed, olderThan, limit: ATTEMPTS_PER_PAGE };
  const attempts = await listCallbackAttempts(app.db, filter);
  const last = attempts.length === ATTEMPTS_PER_PAGE ? attempts.at(-1)?.id : undefined;
  return showCallbacks(visit, {
    serviceId: service.id,
    endpoints: service.callbacks.map((one) => endpointRow(visit, one)),
    ...{ mayAdd: service.callbacks.length < ENDPOINTS_MAX, endpointsMax: ENDPOINTS_MAX },
    attempts: attempts.map((attempt) => attemptRow(visit, attempt, endpoint)),
    filters: filtersOf(visit, query),
    ...{ logOf: endpoint?.url, onlyFailed, base: callbacksOf(visit), form },
    newerUrl: olderThan && logUrl(visit, { ...query, olderThan: undefined }),
    olderUrl: last && logUrl(visit, { ...query, olderThan: last }),
  });
}

function queryOf({ service, query }: ServiceVisit): LogQuery {
  const endpoint = service.callbacks.find(({ endpointId }) => endpointId === asId(query.get("endpoint")));
  return { endpoint, onlyFailed: query.get("show") === "failed", olderThan: asId(query.get("older-than")) };
}

function logUrl(visit: ServiceVisit, { endpoint, onlyFailed, olderThan }: LogQuery): string {
  const given = { endpoint: endpoint?.endpointId, show: onlyFailed ? "failed" : undefined, "older-than": olderThan };
  const entries = Object.entries(given).filter((entry): entry is [string, string] => entry[1] !== undefined);
  const query = entries.length > 0 ? `?${new URLSearchParams(entries)}` : "";
  return `${callbacksOf(visit)}${query}#log`;
}

function filtersOf(visit: ServiceVisit, { endpoint, onlyFailed }: LogQuery): Overview["filters"] {
  const { text } = visit;
  const to = (failed: boolean) => logUrl(visit, { endpoint, onlyFailed: failed, olderThan: undefined });
  const everywhere = { endpoint: undefined, onlyFailed, olderThan: undefined };
  return [
    { text: text("developers.log.all"), href: to(false), isCurrent: !onlyFailed },
    { text: text("developers.log.failed"), href: to(true), isCurrent: onlyFailed },
    ...(endpoint
      ? [{ text: text("developers.log.everywhere"), href: logUrl(visit, everywhere), isCurrent: false }]
      : []),
  ];
}

function endpointRow(visit: ServiceVisit, endpoint: Callback): EndpointRow {
  const { endpointId, url, pausedAt, kinds } = endpoint;
  return {
    ...{ endpointId, url, pausedAt, kinds: shownKinds(visit, kinds) },
    path: `${callbacksOf(visit)}/${endpointId}`,
    logUrl: logUrl(visit, { endpoint, onlyFailed: false, olderThan: undefined }),
  };
}

function attemptRow(visit: ServiceVisit, attempt: LoggedAttempt, endpoint: Callback | undefined): AttemptRow {
  const { service, admin, may } = visit;
  const { httpStatus, problem, ...row } = attempt;
  const isAboutMessage = attempt.kind !== "received-text";
  const mayOpen = admin.urls.has(MESSAGE_PAGE) && (may("view_activity") || may("send_messages"));
  return {
    ...row,
    answer: httpStatus === undefined ? (problem ?? "") : String(httpStatus),
    messageUrl: isAboutMessage && mayOpen ? `/services/${service.id}/messages/${attempt.subjectId}` : undefined,
    url: (endpoint ?? service.callbacks.find(({ id }) => id === attempt.callbackId))?.url,
  };
}

/** Refused when there is nothing left to tell: said above the log. */
async function replay(visit: ServiceVisit): Promise<Answer> {
  const { app, service, text } = visit;
  return submit({
    values: { log: "" },
    refusedAt: "log",
    act: async () => {
      await replayAttempt(app, actorOf(visit), { service, attemptId: idIn(visit, "aid") });
      return redirect(callbacksOf(visit), { flash: text("developers.log.replayed") });
    },
    showAgain: (form) => showOverview(visit, form),
  });
}
