/** `/services/:sid/inbox`: who has written, and how far the team is with each. Whom one searches for is posted and kept under an id. */
import { type Inbox, type ListedConversation, listAllReceived, readInbox } from "../../../flow/inbox/conversations.ts";
import { readSearch, saveSearch } from "../../../flow/messages/saved-searches.ts";
import { INBOX_TABS, type InboxTab } from "../../../records/inbound-messages/conversation-store.ts";
import { listInboundNumbers } from "../../../records/inbound-numbers/inbound-number-store.ts";
import { type Answer, redirect } from "../http/answer.ts";
import { csvAnswer } from "../http/csv.ts";
import { type Form, formOf, readFields, refuseIfInvalid, submit } from "../http/form.ts";
import { asId } from "../http/ids.ts";
import { page } from "../http/page.ts";
import { type Route, route } from "../http/route.ts";
import type { ServiceVisit } from "../http/visit.ts";
import { conversationRoutes } from "./conversation.ts";
import { INBOX, inboxPath, MAY_SEE, shownNumber } from "./inbox-paths.ts";
import { inboxTopic, knownOfInbox } from "./watch-inbox.ts";

interface Row extends Pick<ListedConversation, "content" | "at" | "texts" | "unread"> {
  href: string;
  from: string;
  /** Who sees to it, as this visitor calls them. */
  assignee: string | undefined;
  isClosed: boolean;
}

interface InboxPage {
  isOff: boolean;
  form: Form<"number">;
  action: string;
  csvUrl: string;
  tabs: readonly { text: string; count: string; href: string; isCurrent: boolean }[];
  isSearch: boolean;
  conversations: readonly Row[];
  /** Said where there is none. */
  noneFound: string;
  numbers: readonly string[];
  olderUrl: string | undefined;
  firstUrl: string | undefined;
  watched: { topic: string; known: string };
}

interface InboxQuery {
  tab: InboxTab;
  /** The id of a saved search. */
  search: string | undefined;
  older: string | undefined;
}

const showInbox = page<InboxPage>("inbox/inbox.njk");

export const inboxRoutes: readonly Route[] = [
  route({ method: "GET", url: INBOX, who: MAY_SEE, handler: openInbox }),
  route({ method: "POST", url: INBOX, who: MAY_SEE, handler: findConversation }),
  route({ method: "GET", url: `${INBOX}.csv`, who: MAY_SEE, handler: downloadTexts }),
  ...conversationRoutes,
];

async function openInbox(visit: ServiceVisit): Promise<Answer> {
  const { app, service, visitor } = visit;
  const query = queryOf(visit);
  const { search } = query;
  const number = search && (await readSearch(app, { service, userId: visitor.userId }, search));
  return showWith(visit, { ...query, search: number && search }, formOf({ number: number ?? "" }));
}

function queryOf({ query }: ServiceVisit): InboxQuery {
  const tab = INBOX_TABS.find((one) => one === query.get("show")) ?? "open";
  return { tab, search: asId(query.get("search")), older: asId(query.get("older")) };
}

/** Keeps the number that is searched for, and goes to what it finds. */
async function findConversation(visit: ServiceVisit): Promise<Answer> {
  const { app, service, visitor, text } = visit;
  const values = readFields(visit, ["number"]);
  const number = values.number.trim();
  return submit({
    values,
    refusedAt: "number",
    act: async () => {
      refuseIfInvalid({ number: number === "" && text("inbox.search.missing") });
      const search = await saveSearch(app, { service, userId: visitor.userId }, number);
      return redirect(urlOf(visit, { search }));
    },
    showAgain: (form) => showWith(visit, { tab: "open", search: undefined, older: undefined }, form),
  });
}

async function showWith(visit: ServiceVisit, query: InboxQuery, form: Form<"number">): Promise<Answer> {
  const { app, service, visitor } = visit;
  const { tab, search, older } = query;
  const watched = { topic: inboxTopic(service.id), known: await knownOfInbox(app, service.id) };
  const number = search && form.values.number;
  const [inbox, numbers] = await Promise.all([
    readInbox(app, service, { userId: visitor.userId, tab, number, olderThan: older }),
    listInboundNumbers(app.db, service.id),
  ]);
  return showInbox(visit, {
    isOff: !service.permissions.has("inbound_sms") && !service.permissions.has("chat"),
    ...{ form, action: inboxPath(visit), csvUrl: `${inboxPath(visit)}.csv`, isSearch: search !== undefined },
    tabs: tabsOf(visit, query, inbox),
    conversations: inbox.conversations.map((one) => rowOf(visit, one)),
    noneFound: noneWords(visit, query, inbox),
    numbers: numbers.filter(({ isActive }) => isActive).map((one) => shownNumber(one.number)),
    olderUrl: inbox.olderThan && urlOf(visit, { ...query, older: inbox.olderThan }),
    firstUrl: older && urlOf(visit, { ...query, older: undefined }),
    watched,
  });
}

/** Counters that are filters. A search looks through all of them. */
function tabsOf(visit: ServiceVisit, query: InboxQuery, { counts, isMore }: Inbox): InboxPage["tabs"] {
  const { text } = visit;
  return INBOX_TABS.map((tab) => ({
    text: text(`inbox.tab.${tab}`),
    count: text(isMore ? "inbox.count.more" : "inbox.count", { count: counts[tab] }),
    href: urlOf(visit, { tab }),
    isCurrent: query.search === undefined && query.tab === tab,
  }));
}

function rowOf(visit: ServiceVisit, one: ListedConversation): Row {
  const { content, at, texts, unread, assigneeId, assigneeName, closedAt } = one;
  return {
    ...{ content, at, texts, unread, isClosed: closedAt !== undefined },
    href: `${inboxPath(visit)}/${one.id}`,
    from: shownNumber(one.userNumber),
    assignee: assigneeId === visit.visitor.userId ? visit.text("inbox.assignee.you") : assigneeName,
  };
}

function noneWords({ text }: ServiceVisit, { tab, search }: InboxQuery, { counts }: Inbox): string {
  if (search !== undefined) return text("inbox.none.found");
  return counts.open + counts.closed === 0 ? text("inbox.none") : text(`inbox.none.${tab}`);
}

function urlOf(visit: ServiceVisit, { tab = "open", search, older }: Partial<InboxQuery>): string {
  const given = { show: tab === "open" ? undefined : tab, search, older };
  const entries = Object.entries(given).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return entries.length > 0 ? `${inboxPath(visit)}?${new URLSearchParams(entries)}` : inboxPath(visit);
}

async function downloadTexts({ app, service, text }: ServiceVisit): Promise<Answer> {
  const texts = await listAllReceived(app, service);
  const heads = (["from", "message", "received"] as const).map((column) => text(`inbox.csv.${column}`));
  const rows = texts.map(({ userNumber, content, createdAt }) => [
    shownNumber(userNumber),
    content,
    createdAt.toISOString(),
  ]);
  return csvAnswer("inbox.csv", [heads, ...rows]);
}
