/** `/services/:sid/messages/views`: searches of messages kept under a name, for oneself or for the team. */
import {
  changeable,
  changeView,
  deleteView,
  listViews,
  type NamedView,
  saveView,
  type Viewer,
} from "../../../flow/messages/message-views.ts";
import { readSearch } from "../../../flow/messages/saved-searches.ts";
import { actorOf } from "../http/actor.ts";
import { type Answer, redirect } from "../http/answer.ts";
import { type Form, formOf, readFields, submit } from "../http/form.ts";
import { idIn } from "../http/ids.ts";
import { page } from "../http/page.ts";
import { type Route, route } from "../http/route.ts";
import type { ServiceVisit } from "../http/visit.ts";
import { messageOptions } from "./list-options.ts";
import { FACETS, type ListQuery, listPath, queryText, readListQuery } from "./list-query.ts";

const VIEWS = "/services/:sid/messages/views";
const FIELDS = ["name", "isShared"] as const;
type Field = (typeof FIELDS)[number];
/** What is kept of a search, beside its text. */
const KEPT = ["status", ...FACETS] as const;

interface ViewPage {
  heading: string;
  form: Form<Field>;
  action: string;
  /** What it looks for, in words. */
  rows: readonly { key: string; text: string }[];
  backUrl: string;
  deleteUrl: string | undefined;
}

const showView = page<ViewPage>("messages/view.njk");

export const viewRoutes: readonly Route[] = [
  route({ method: "GET", url: `${VIEWS}/new`, who: "member", handler: askForName }),
  route({ method: "POST", url: `${VIEWS}/new`, who: "member", handler: keepView }),
  route({ method: "GET", url: `${VIEWS}/:vid`, who: "member", handler: openView }),
  route({ method: "POST", url: `${VIEWS}/:vid`, who: "member", handler: saveChange }),
  route({ method: "POST", url: `${VIEWS}/:vid/delete`, who: "member", handler: removeView }),
];

export function viewerOf({ service, visitor, may }: ServiceVisit): Viewer {
  return { service, userId: visitor.userId, managesService: may("manage_service") };
}

/** Where a view is changed. */
export function viewPath({ service }: ServiceVisit, id: string): string {
  return `/services/${service.id}/messages/views/${id}`;
}

/** Where what is being looked at becomes a view. */
export function newViewPath(visit: ServiceVisit, query: ListQuery): string {
  return viewPath(visit, `new${queryText({ ...query, older: undefined, newer: undefined })}`);
}

/** The list that a view gives. Its text stands in the address by the view's own id. */
export function pathOfView({ service }: ServiceVisit, view: NamedView): string {
  return listPath(service.id, {
    ...readListQuery((name) => view.facets[name]),
    search: view.text === undefined ? undefined : view.id,
    view: view.id,
  });
}

/** What is searched for: kept for the one who searched, or in the view that is open. */
export async function searchedText(
  { app, service, visitor }: ServiceVisit,
  { search, view }: ListQuery,
  views: readonly NamedView[],
): Promise<string | undefined> {
  if (search === undefined) return undefined;
  if (search === view) return views.find(({ id }) => id === view)?.text;
  return readSearch(app, { service, userId: visitor.userId }, search);
}

const askedFor = (visit: ServiceVisit) => readListQuery((name) => visit.query.get(name));

async function searched(visit: ServiceVisit): Promise<string | undefined> {
  return searchedText(visit, askedFor(visit), await listViews(visit.app, viewerOf(visit)));
}

function askForName(visit: ServiceVisit): Promise<Answer> {
  return showNew(visit, formOf<Field>({ name: "", isShared: "" }));
}

async function showNew(visit: ServiceVisit, form: Form<Field>): Promise<Answer> {
  const query = askedFor(visit);
  return showView(visit, {
    heading: visit.text("messages.view.new"),
    form,
    action: visit.url,
    rows: await rowsOf(visit, query, await searched(visit)),
    backUrl: listPath(visit.service.id, query),
    deleteUrl: undefined,
  });
}

async function keepView(visit: ServiceVisit): Promise<Answer> {
  const { app, text } = visit;
  const values = readFields(visit, FIELDS);
  const query = askedFor(visit);
  return submit({
    values,
    refusedAt: "name",
    act: async () => {
      const facets = Object.fromEntries(KEPT.flatMap((name) => (query[name] ? [[name, query[name]]] : [])));
      const viewed = { text: await searched(visit), facets };
      const viewer = viewerOf(visit);
      const id = await saveView(app, actorOf(visit), { viewer, wish: wishOf(values), viewed });
      const view = changeable(await listViews(app, viewer), id);
      return redirect(pathOfView(visit, view), { flash: text("messages.view.kept") });
    },
    showAgain: (form) => showNew(visit, form),
  });
}

async function viewIn(visit: ServiceVisit): Promise<NamedView> {
  return changeable(await listViews(visit.app, viewerOf(visit)), idIn(visit, "vid"));
}

async function openView(visit: ServiceVisit): Promise<Answer> {
  const view = await viewIn(visit);
  return showChange(visit, view, formOf<Field>({ name: view.name, isShared: view.isShared ? "yes" : "" }));
}

async function showChange(visit: ServiceVisit, view: NamedView, form: Form<Field>): Promise<Answer> {
  const query = readListQuery((name) => view.facets[name]);
  return showView(visit, {
    heading: visit.text("messages.view.change"),
    form,
    action: viewPath(visit, view.id),
    rows: await rowsOf(visit, query, view.text),
    backUrl: pathOfView(visit, view),
    deleteUrl: `${viewPath(visit, view.id)}/delete`,
  });
}

async function saveChange(visit: ServiceVisit): Promise<Answer> {
  const { app, text } = visit;
  const view = await viewIn(visit);
  const values = readFields(visit, FIELDS);
  return submit({
    values,
    refusedAt: "name",
    act: async () => {
      await changeView(app, actorOf(visit), { viewer: viewerOf(visit), id: view.id, wish: wishOf(values) });
      return redirect(pathOfView(visit, view), { flash: text("messages.view.changed") });
    },
    showAgain: (form) => showChange(visit, view, form),
  });
}

async function removeView(visit: ServiceVisit): Promise<Answer> {
  const { app, service, text } = visit;
  await deleteView(app, actorOf(visit), { viewer: viewerOf(visit), id: idIn(visit, "vid") });
  return redirect(listPath(service.id), { flash: text("messages.view.deleted") });
}

function wishOf({ name, isShared }: Record<Field, string>) {
  return { name, isShared: isShared === "yes" };
}

async function rowsOf(visit: ServiceVisit, query: ListQuery, text: string | undefined): Promise<ViewPage["rows"]> {
  const { channels, templates, keys, senders, tests } = await messageOptions(visit);
  const nameIn = (options: readonly { value: string; text: string }[], value: string | undefined) =>
    value && (options.find((option) => option.value === value)?.text ?? visit.text("messages.view.gone"));
  const rows: readonly (readonly [key: string, text: string | undefined])[] = [
    [visit.text("messages.view.text"), text],
    [visit.text("messages.column.status"), query.status && visit.text(`messages.group.${query.status}`)],
    [visit.text("messages.channel"), nameIn(channels, query.channel)],
    [visit.text("messages.template"), nameIn(templates, query.template)],
    [visit.text("messages.key"), nameIn(keys, query.key)],
    [visit.text("messages.sender"), nameIn(senders, query.sender)],
    [visit.text("messages.country"), query.country],
    [visit.text("messages.provider"), query.provider],
    [visit.text("messages.code"), query.code],
    [visit.text("messages.test"), nameIn(tests, query.test)],
    [visit.text("messages.from"), query.from],
    [visit.text("messages.to"), query.to],
  ];
  return rows.flatMap(([key, shown]) => (shown ? [{ key, text: shown }] : []));
}
