/** `/services/:sid/settings/connections`: ready-made links from other products, what came of their calls, and trying them out. */
import { PRESETS } from "../../../core/connections/connection-kind.ts";
import {
  deleteConnection,
  renewConnectionSecret,
  shownOf,
  switchConnection,
} from "../../../flow/connections/change-connections.ts";
import { timeOfId } from "../../../platform/ids.ts";
import type { Connection, ConnectionCall } from "../../../records/connections/connection.ts";
import { listConnectionCalls } from "../../../records/connections/connection-call-store.ts";
import { listConnections } from "../../../records/connections/connection-store.ts";
import { actorOf } from "../http/actor.ts";
import { type Answer, redirect } from "../http/answer.ts";
import { formOf, readFields } from "../http/form.ts";
import { page } from "../http/page.ts";
import { type Route, route } from "../http/route.ts";
import type { ServiceVisit } from "../http/visit.ts";
import { type FormPage, formPageOf } from "../plain/form-page.ts";
import { connectionFormRoutes } from "./connection-form.ts";
import {
  addressOf,
  CONNECTIONS,
  connectionIn,
  connectionPath,
  connectionsPath,
  MAKER,
  showMade,
  WHO,
} from "./paths.ts";
import { tryRoutes } from "./try.ts";

const CALLS_SHOWN = 50;
/** What is said below a button that has no fields. */
const NO_FIELDS = { button: "" } as const;

const showList = page<{
  url: string;
  backUrl: string;
  mayCreate: boolean;
  connections: readonly (Connection & { kindName: string; template: string })[];
}>("connections/connections.njk");

interface ShownCall extends ConnectionCall {
  at: Date;
  words: string;
  /** Why there is no message, or that there is one. */
  why: string;
  messageUrl: string | undefined;
}

const showOne = page<{
  url: string;
  listUrl: string;
  mayRenew: boolean;
  connection: Connection;
  rows: readonly { key: string; value: string }[];
  address: string;
  setUp: readonly string[];
  calls: readonly ShownCall[];
}>("connections/connection.njk");

export const connectionRoutes: readonly Route[] = [
  route({ method: "GET", url: CONNECTIONS, who: WHO, handler: list }),
  ...connectionFormRoutes,
  route({ method: "GET", url: `${CONNECTIONS}/:cid`, who: WHO, handler: open }),
  ...tryRoutes,
  route({ method: "GET", url: `${CONNECTIONS}/:cid/secret`, who: MAKER, handler: askToRenew }),
  route({ method: "POST", url: `${CONNECTIONS}/:cid/secret`, who: MAKER, handler: renew }),
  route({ method: "POST", url: `${CONNECTIONS}/:cid/switch`, who: WHO, handler: turn }),
  route({ method: "GET", url: `${CONNECTIONS}/:cid/delete`, who: WHO, handler: askToDelete }),
  route({ method: "POST", url: `${CONNECTIONS}/:cid/delete`, who: WHO, handler: remove }),
];

async function list(visit: ServiceVisit): Promise<Answer> {
  const { app, service, text, isMember } = visit;
  const connections = await listConnections(app.db, service.id);
  return showList(visit, {
    url: connectionsPath(visit),
    backUrl: `/services/${service.id}/settings`,
    mayCreate: isMember,
    connections: await Promise.all(
      connections.map(async (connection) => ({
        ...connection,
        kindName: text(`connections.kind.${connection.kind}`),
        template: await templateName(visit, connection),
      })),
    ),
  });
}

async function templateName({ app, text }: ServiceVisit, { templateId }: Connection): Promise<string> {
  const template = await app.templates.find(templateId);
  return template && !template.archivedAt ? template.name : text("connections.templateGone");
}

async function open(visit: ServiceVisit): Promise<Answer> {
  const { app, isMember, text } = visit;
  const connection = await connectionIn(visit);
  const { proof } = PRESETS[connection.kind];
  const calls = await listConnectionCalls(app.db, connection.id, CALLS_SHOWN);
  return showOne(visit, {
    ...{ url: connectionPath(visit, connection.id), listUrl: connectionsPath(visit), mayRenew: isMember, connection },
    rows: await rowsOf(visit, connection),
    address: addressOf(visit, connection),
    setUp: [text(`connections.setUp.${connection.kind}`), text(`connections.proof.${proof}`)],
    calls: calls.map((call) => shownCall(visit, call)),
  });
}

async function rowsOf(visit: ServiceVisit, connection: Connection) {
  const { text } = visit;
  const { fields, conditions } = shownOf(connection);
  const { recipientPath, eventPath, repeatDays: count, organizationId } = connection;
  const none = text("connections.nothing");
  return [
    { key: text("connections.row.kind"), value: text(`connections.kind.${connection.kind}`) },
    { key: text("connections.row.state"), value: text(connection.isOn ? "settings.option.on" : "settings.option.off") },
    { key: text("connections.row.template"), value: await templateName(visit, connection) },
    { key: text("connections.recipientPath"), value: recipientPath },
    { key: text("connections.row.fields"), value: fields || none },
    { key: text("connections.conditions"), value: conditions || none },
    {
      key: text("connections.eventPath"),
      value: eventPath === undefined ? none : text("connections.row.event", { path: eventPath, count }),
    },
    ...(organizationId === undefined ? [] : [{ key: text("connections.organizationId"), value: organizationId }]),
  ];
}

function shownCall({ admin, service, text, may }: ServiceVisit, call: ConnectionCall): ShownCall {
  const mayOpen = admin.urls.has("/services/:sid/messages/:nid") && (may("view_activity") || may("send_messages"));
  const { id, notificationId, reason } = call;
  return {
    ...{ ...call, at: timeOfId(id), words: text(`connections.outcome.${call.outcome}`) },
    why: reason ?? text(notificationId ? "connections.calls.message" : "connections.calls.forTests"),
    messageUrl: mayOpen && notificationId ? `/services/${service.id}/messages/${notificationId}` : undefined,
  };
}

async function askToRenew(visit: ServiceVisit): Promise<Answer> {
  const { text } = visit;
  const { id, name } = await connectionIn(visit);
  const words: FormPage<never> = {
    title: text("connections.renew.title", { name }),
    paragraphs: [text("connections.renew.explain")],
    ...{ fields: {}, button: text("connections.renew.button") },
    otherwise: { text: text("connections.renew.keep"), href: connectionPath(visit, id) },
  };
  return formPageOf(visit, words, formOf(NO_FIELDS));
}

async function renew(visit: ServiceVisit): Promise<Answer> {
  const { app, service } = visit;
  const connection = await connectionIn(visit);
  const made = await renewConnectionSecret(app, actorOf(visit), { service, id: connection.id });
  return showMade(visit, { ...made, kind: connection.kind });
}

async function turn(visit: ServiceVisit): Promise<Answer> {
  const { app, service, text } = visit;
  const { id } = await connectionIn(visit);
  const isOn = readFields(visit, ["on"]).on === "yes";
  await switchConnection(app, actorOf(visit), { serviceId: service.id, id, isOn });
  return redirect(connectionPath(visit, id), { flash: text(isOn ? "connections.on.done" : "connections.off.done") });
}

async function askToDelete(visit: ServiceVisit): Promise<Answer> {
  const { text } = visit;
  const { id, name } = await connectionIn(visit);
  const words: FormPage<never> = {
    title: text("connections.delete.title", { name }),
    paragraphs: [text("connections.delete.explain")],
    ...{ fields: {}, button: text("connections.delete.button"), isWarning: true },
    otherwise: { text: text("connections.delete.keep"), href: connectionPath(visit, id) },
  };
  return formPageOf(visit, words, formOf(NO_FIELDS));
}

async function remove(visit: ServiceVisit): Promise<Answer> {
  const { app, service, text } = visit;
  const { id } = await connectionIn(visit);
  await deleteConnection(app, actorOf(visit), { serviceId: service.id, id });
  return redirect(connectionsPath(visit), { flash: text("connections.delete.done") });
}
