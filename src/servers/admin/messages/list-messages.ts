/** `/services/:sid/messages`: everything that was sent, to be searched and filtered. What is searched for is posted and kept under an id. */
import { STATUS_GROUPS, statusGroupOf } from "../../../core/delivery/status-groups.ts";
import type { Status } from "../../../core/delivery/statuses.ts";
import { listViews, type NamedView } from "../../../flow/messages/message-views.ts";
import type { ListedMessage } from "../../../flow/messages/present-messages.ts";
import { saveSearch } from "../../../flow/messages/saved-searches.ts";
import { type MessageCounts, type MessagePage, searchMessages } from "../../../flow/messages/search.ts";
import { type Answer, redirect } from "../http/answer.ts";
import { type Form, formOf, readFields, refuseIfInvalid, submit } from "../http/form.ts";
import { page } from "../http/page.ts";
import type { ServiceVisit } from "../http/visit.ts";
import { reachUrl } from "../reach/reach.ts";
import { type MessageOptions, messageOptions } from "./list-options.ts";
import { dateOrNone, FACETS, isFiltered, type ListQuery, listPath, messageQuery, readListQuery } from "./list-query.ts";
import { type ShownStatus, shownStatus } from "./status-words.ts";
import { newViewPath, pathOfView, searchedText, viewerOf, viewPath } from "./views.ts";
import { knownOf, listTopic } from "./watch-messages.ts";

const FIELDS = ["search", ...FACETS] as const;
type Field = (typeof FIELDS)[number];

interface Row {
  /** Undefined where the visitor may not open messages. */
  href: string | undefined;
  recipient: string;
  preview: string;
  sentBy: string;
  isTest: boolean;
  shown: ShownStatus;
  at: Date;
  isScheduled: boolean;
}

interface ViewLink {
  name: string;
  href: string;
  isCurrent: boolean;
  isShared: boolean;
}

interface List extends MessageOptions {
  form: Form<Field>;
  action: string;
  /** Where those are who are reached by several steps, for who may open messages. */
  reachUrl: string | undefined;
  hasFacets: boolean;
  isFiltered: boolean;
  views: readonly ViewLink[];
  /** Where the view that is open is changed, by who may. */
  changeViewUrl: string | undefined;
  /** Where what is looked at now becomes one. */
  newViewUrl: string | undefined;
  tabs: readonly { text: string; count: string; href: string; isCurrent: boolean }[];
  rows: readonly Row[];
  lookedUpTo: Date | undefined;
  olderUrl: string | undefined;
  newerUrl: string | undefined;
  /** Where it is told that one of those that are under way has come further, and how far they are. */
  watched: { topic: string; known: string } | undefined;
}

const showList = page<List>("messages/list.njk");

export async function listMessages(visit: ServiceVisit): Promise<Answer> {
  const query = readListQuery((name) => visit.query.get(name));
  const views = await listViews(visit.app, viewerOf(visit));
  const searched = await searchedText(visit, query, views);
  return showWith(visit, { query, views, searched, form: formOf({ ...facetValues(query), search: searched ?? "" }) });
}

/** Keeps the text that is searched for, and goes to the list that it gives. */
export async function findMessages(visit: ServiceVisit): Promise<Answer> {
  const { app, service, visitor, text } = visit;
  const values = readFields(visit, FIELDS);
  const query = readListQuery((name) => (name === "search" ? undefined : visit.body.get(name)?.[0]));
  const isWrong = (date: string) => date !== "" && dateOrNone(date) === undefined;
  return submit({
    values,
    refusedAt: "search",
    act: async () => {
      refuseIfInvalid({
        from: isWrong(values.from) && text("messages.dateWrong"),
        to: isWrong(values.to) && text("messages.dateWrong"),
      });
      const words = values.search.trim();
      const search = words === "" ? undefined : await saveSearch(app, { service, userId: visitor.userId }, words);
      return redirect(listPath(service.id, { ...query, search, older: undefined, newer: undefined }));
    },
    showAgain: async (form) => {
      const views = await listViews(app, viewerOf(visit));
      return showWith(visit, { query, views, searched: undefined, form });
    },
  });
}

function facetValues(query: ListQuery): Record<Exclude<Field, "search">, string> {
  return Object.fromEntries(FACETS.map((name) => [name, query[name] ?? ""])) as Record<(typeof FACETS)[number], string>;
}

interface Asked {
  query: ListQuery;
  views: readonly NamedView[];
  searched: string | undefined;
  form: Form<Field>;
}

async function showWith(visit: ServiceVisit, { query, views, searched, form }: Asked): Promise<Answer> {
  const { app, service } = visit;
  const [found, options] = await Promise.all([
    searchMessages(app, service, { ...messageQuery(query, searched), sender: senderAskedFor(visit, query) }),
    messageOptions(visit),
  ]);
  const { view, search, status, older, newer, ...facets } = query;
  return showList(visit, {
    form,
    action: listPath(service.id),
    reachUrl: mayOpen(visit) ? reachUrl(visit) : undefined,
    hasFacets: Object.values(facets).some((value) => value !== undefined) || form.summary.length > 0,
    isFiltered: isFiltered(query),
    ...options,
    ...viewsOf(visit, query, views),
    tabs: tabsOf(visit, query, found.counts),
    rows: found.messages.map((message) => rowOf(visit, message)),
    ...onward(visit, query, found),
    watched: await watchedOf(visit, found),
  });
}

/** As messages have it. One that the service has no more finds nothing. */
function senderAskedFor({ service }: ServiceVisit, { sender }: ListQuery): string | undefined {
  return sender && (service.textSenders.find(({ id }) => id === sender)?.sender ?? sender);
}

function viewsOf(
  visit: ServiceVisit,
  query: ListQuery,
  views: readonly NamedView[],
): Pick<List, "views" | "changeViewUrl" | "newViewUrl"> {
  const current = views.find(({ id }) => id === query.view);
  return {
    views: views.map((view) => ({
      name: view.name,
      href: pathOfView(visit, view),
      isCurrent: view === current,
      isShared: view.isShared,
    })),
    changeViewUrl: current?.mayChange ? viewPath(visit, current.id) : undefined,
    newViewUrl: isFiltered(query) && !current ? newViewPath(visit, query) : undefined,
  };
}

/** Counters that are filters. */
function tabsOf({ service, text }: ServiceVisit, query: ListQuery, counts: MessageCounts): List["tabs"] {
  const shown = (count: number) => text("messages.group.count", { count });
  const groups = STATUS_GROUPS.filter(
    (group) => group !== "cancelled" || counts.cancelled > 0 || query.status === group,
  );
  const to = (status: ListQuery["status"]) =>
    listPath(service.id, { ...query, status, older: undefined, newer: undefined });
  return [
    {
      text: text("messages.group.all"),
      count: counts.isMore ? text("messages.more", { count: counts.total }) : shown(counts.total),
      href: to(undefined),
      isCurrent: query.status === undefined,
    },
    ...groups.map((group) => ({
      text: text(`messages.group.${group}`),
      count: shown(counts[group]),
      href: to(group),
      isCurrent: query.status === group,
    })),
  ];
}

function rowOf(visit: ServiceVisit, message: ListedMessage): Row {
  const { service, text } = visit;
  const { id, channel, recipient, isSupplied, keyKind, scheduledFor, isHeld, updatedAt, sentAt, createdAt } = message;
  const shown = shownStatus({ channel, status: message.status as Status, scheduledFor, isHeld }, visit);
  const isScheduled = shown.words === text("messages.status.scheduled") && scheduledFor !== undefined;
  return {
    href: mayOpen(visit) ? `/services/${service.id}/messages/${id}` : undefined,
    recipient: recipient === "" ? text(isSupplied ? "messages.supplied" : "messages.forgotten") : recipient,
    preview: previewOf(visit, message),
    sentBy: sentBy(visit, message),
    isTest: keyKind === "test",
    shown,
    at: isScheduled ? scheduledFor : (updatedAt ?? sentAt ?? createdAt),
    isScheduled,
  };
}

function previewOf({ text }: ServiceVisit, { isSupplied, isNotKept, reference, preview }: ListedMessage): string {
  if (isNotKept) return text("messages.notKept");
  return isSupplied ? (reference ?? "") : preview;
}

function sentBy({ text }: ServiceVisit, { templateName, createdByName, apiKeyName }: ListedMessage): string {
  if (createdByName !== undefined) return text("messages.byPerson", { template: templateName, name: createdByName });
  if (apiKeyName !== undefined) return text("messages.byKey", { template: templateName, key: apiKeyName });
  return text("messages.by", { template: templateName });
}

function mayOpen({ may }: ServiceVisit): boolean {
  return may("view_activity") || may("send_messages");
}

function onward({ service }: ServiceVisit, query: ListQuery, { olderThan, newerThan, lookedUpTo }: MessagePage) {
  const to = (page: Pick<ListQuery, "older" | "newer">) =>
    listPath(service.id, { ...query, older: undefined, newer: undefined, ...page });
  return {
    olderUrl: olderThan === undefined ? undefined : to({ older: olderThan }),
    newerUrl: newerThan === undefined ? undefined : to({ newer: newerThan }),
    lookedUpTo,
  };
}

async function watchedOf(visit: ServiceVisit, { messages }: MessagePage): Promise<List["watched"]> {
  const oldest = messages.findLast(({ status }) => statusGroupOf(status as Status) === "sending");
  if (!oldest || !mayOpen(visit)) return undefined;
  const topic = listTopic(visit.service.id, oldest.id);
  return { topic, known: await knownOf(visit.app, topic) };
}
