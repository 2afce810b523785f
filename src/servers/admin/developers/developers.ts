/** `/services/:sid/developers`: how to begin with the API, and what was asked of it and sent with it. */

import { type StatusGroup, statusGroupOf } from "../../../core/delivery/status-groups.ts";
import type { Status } from "../../../core/delivery/statuses.ts";
import { listKeys } from "../../../flow/keys/api-keys.ts";
import type { ListedMessage } from "../../../flow/messages/present-messages.ts";
import { searchMessages } from "../../../flow/messages/search.ts";
import { placeholderNamesOf } from "../../../flow/rendering.ts";
import { type LoggedRequest, listApiRequests } from "../../../records/api-requests/api-request-store.ts";
import { listTemplates } from "../../../records/templates/template-store.ts";
import type { Answer } from "../http/answer.ts";
import { asId } from "../http/ids.ts";
import { page } from "../http/page.ts";
import { type Route, route } from "../http/route.ts";
import type { ServiceVisit } from "../http/visit.ts";
import { keyRoutes } from "./api-keys.ts";
import { callbackRoutes } from "./callbacks.ts";
import { guestListRoutes } from "./guest-list.ts";
import { smppAccountRoutes } from "./smpp-accounts.ts";
import { KEY_VARIABLE, type Snippet, snippetsOf } from "./snippets.ts";
import { verificationRoutes } from "./verifications.ts";

const NEWEST_REQUESTS = 10;
const REQUESTS_PER_PAGE = 50;
const ERROR_STATUS_FIRST = 400;
/** Stands in the examples until there is a template. */
const NO_TEMPLATE_ID = "00000000-0000-0000-0000-000000000000";
const MESSAGE_PAGE = "/services/:sid/messages/:nid";

interface ShownRequest extends Omit<LoggedRequest, "error"> {
  keyName: string;
  isRefused: boolean;
  error: string;
  /** The part of the API reference that tells more. */
  docs: string;
}

interface ShownMessage extends ListedMessage {
  group: StatusGroup;
}

interface Home {
  serviceId: string;
  origin: string;
  keysInUse: number;
  maySeeTemplates: boolean;
  templateName: string | undefined;
  variable: string;
  snippets: readonly Snippet[];
  requests: readonly ShownRequest[];
}

const showHome = page<Home>("developers/developers.njk");
const showRequests = page<{
  serviceId: string;
  requests: readonly ShownRequest[];
  onlyErrors: boolean;
  isFirst: boolean;
  olderThan: string | undefined;
}>("developers/requests.njk");
const showMessages = page<{
  serviceId: string;
  messages: readonly ShownMessage[];
  mayOpen: boolean;
  olderThan: string | undefined;
  newerThan: string | undefined;
}>("developers/messages.njk");

const HOME = "/services/:sid/developers";
const who = { permission: "manage_api_keys" } as const;

export const developerRoutes: readonly Route[] = [
  route({ method: "GET", url: HOME, who, handler: openHome }),
  route({ method: "GET", url: `${HOME}/requests`, who, handler: listRequests }),
  route({ method: "GET", url: `${HOME}/messages`, who, handler: listMessages }),
  ...keyRoutes,
  ...callbackRoutes,
  ...guestListRoutes,
  ...smppAccountRoutes,
  ...verificationRoutes,
];

async function openHome(visit: ServiceVisit): Promise<Answer> {
  const { app, service, now } = visit;
  const origin = app.origins.api ?? visit.origin;
  const [keys, templates, requests] = await Promise.all([
    listKeys(app, service.id),
    listTemplates(app.db, service.id),
    readRequests(visit, { limit: NEWEST_REQUESTS }),
  ]);
  const template =
    templates.find(({ channel }) => channel === "sms") ?? templates.find(({ channel }) => channel === "email");
  return showHome(visit, {
    serviceId: service.id,
    origin,
    keysInUse: keys.filter(({ revokedAt, expiresAt }) => !revokedAt && !(expiresAt && expiresAt <= now)).length,
    maySeeTemplates: visit.admin.urls.has("/services/:sid/templates"),
    templateName: template?.name,
    variable: KEY_VARIABLE,
    snippets: snippetsOf({
      origin,
      templateId: template?.templateId ?? NO_TEMPLATE_ID,
      channel: template?.channel === "email" ? "email" : "sms",
      names: template ? placeholderNamesOf(template) : [],
    }),
    requests,
  });
}

async function listRequests(visit: ServiceVisit): Promise<Answer> {
  const { service, query } = visit;
  const onlyErrors = query.get("show") === "errors";
  const olderThan = asId(query.get("older-than"));
  const requests = await readRequests(visit, { onlyErrors, olderThan, limit: REQUESTS_PER_PAGE });
  return showRequests(visit, {
    serviceId: service.id,
    requests,
    onlyErrors,
    isFirst: olderThan === undefined,
    olderThan: requests.length === REQUESTS_PER_PAGE ? requests.at(-1)?.id : undefined,
  });
}

async function readRequests(
  { app, service, text }: ServiceVisit,
  wanted: { onlyErrors?: boolean; olderThan?: string | undefined; limit: number },
): Promise<ShownRequest[]> {
  const { olderThan, ...others } = wanted;
  const filter = { serviceId: service.id, ...others, ...(olderThan === undefined ? {} : { olderThan }) };
  const [requests, keys] = await Promise.all([listApiRequests(app.db, filter), listKeys(app, service.id)]);
  const names = new Map(keys.map(({ id, name }) => [id, name]));
  return requests.map((request) => ({
    ...request,
    keyName: names.get(request.apiKeyId) ?? text("developers.requests.removedKey"),
    isRefused: request.status >= ERROR_STATUS_FIRST,
    error: request.error ?? "",
    docs: docsAbout(request.status),
  }));
}

function docsAbout(status: number): string {
  const isAboutKey = status === 401 || status === 403;
  return `/docs/api#${isAboutKey ? "begin" : "errors"}`;
}

async function listMessages(visit: ServiceVisit): Promise<Answer> {
  const { app, service, query, admin, may } = visit;
  const found = await searchMessages(app, service, { test: "with", page: pageAsked(query) });
  const sentByApi = found.messages.filter(({ createdByName }) => createdByName === undefined);
  return showMessages(visit, {
    serviceId: service.id,
    messages: sentByApi.map((message) => ({ ...message, group: statusGroupOf(message.status as Status) })),
    mayOpen: admin.urls.has(MESSAGE_PAGE) && (may("view_activity") || may("send_messages")),
    olderThan: found.olderThan,
    newerThan: found.newerThan,
  });
}

function pageAsked(query: URLSearchParams): { direction: "older" | "newer"; id: string } | undefined {
  const older = asId(query.get("older-than"));
  if (older) return { direction: "older", id: older };
  const newer = asId(query.get("newer-than"));
  return newer ? { direction: "newer", id: newer } : undefined;
}
