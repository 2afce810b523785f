/**
 * Finds messages of one service over all channels: by recipient, reference or id, and by facets, a page at a time. A page names where
 * the next and the one before begin, never how many there are before it, so that any page is as quick as the first.
 */
import {
  type GroupCounts,
  noMessages,
  type StatusGroup,
  statusesIn,
  statusGroupOf,
} from "../../core/delivery/status-groups.ts";
import type { Status } from "../../core/delivery/statuses.ts";
import { parseEmailAddress } from "../../core/email/parse-email-address.ts";
import { parsePhoneNumber } from "../../core/phone/parse-phone-number.ts";
import { timeOfId } from "../../platform/ids.ts";
import { blindIndex } from "../../platform/sealing.ts";
import {
  countMessages,
  FOUND_MAX,
  type FoundMessage,
  findByRecipient,
  findByReference,
  type MessageFacets,
  walkMessages,
} from "../../records/notifications/message-search-store.ts";
import { findNotification, getNotifications } from "../../records/notifications/notification-store.ts";
import type { Channel, KeyKind, Service } from "../../records/services/service.ts";
import type { App } from "../app.ts";
import { type ListedMessage, presentMessages } from "./present-messages.ts";

const PAGE_SIZE = 50;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
/** References are ids of other people's systems: a longer text is none. */
const REFERENCE_MAX_CHARACTERS = 1_000;

export interface MessageQuery {
  /** A recipient, a reference or its beginning, or a notification's id. */
  text?: string | undefined;
  channels?: readonly Channel[] | undefined;
  groups?: readonly StatusGroup[] | undefined;
  templateId?: string | undefined;
  apiKeyId?: string | undefined;
  sender?: string | undefined;
  countryPrefix?: string | undefined;
  provider?: string | undefined;
  /** What the carrier reported, its first word. */
  code?: string | undefined;
  /** Messages of test keys are left out unless asked for. */
  test?: "without" | "with" | "only" | undefined;
  from?: Date | undefined;
  before?: Date | undefined;
  /** `older` than the last, or `newer` than the first message of the page one comes from. */
  page?: { direction: "older" | "newer"; id: string } | undefined;
}

export interface MessagePage {
  messages: ListedMessage[];
  /** The id to ask for older, or newer, ones from; undefined when there are none. */
  olderThan: string | undefined;
  newerThan: string | undefined;
  /** Set when nothing more was found up to this moment, and there is more to look through. */
  lookedUpTo: Date | undefined;
  /** Of what fits, whatever its status. */
  counts: MessageCounts;
}

export interface MessageCounts extends GroupCounts {
  total: number;
  /** There are more than `total` says. */
  isMore: boolean;
}

type Searcher = Pick<App, "db" | "keys" | "templates">;

export async function searchMessages(app: Searcher, service: Service, query: MessageQuery): Promise<MessagePage> {
  const text = query.text?.trim() ?? "";
  const found = text === "" ? await walk(app, service, query) : await find(app, { service, query, text });
  const notifications = found.ids.length === 0 ? [] : await getNotifications(app.db, found.ids);
  const byId = new Map(notifications.map((notification) => [notification.id, notification]));
  const messages = found.ids.flatMap((id) => byId.get(id) ?? []);
  const { counts, olderThan, newerThan, lookedUpTo } = found;
  return { messages: await presentMessages(app, service, messages), counts, olderThan, newerThan, lookedUpTo };
}

interface Found extends Omit<MessagePage, "messages"> {
  ids: string[];
}

async function walk(app: Searcher, service: Service, query: MessageQuery): Promise<Found> {
  const facets = facetsOf(query);
  const [walked, counted] = await Promise.all([
    walkMessages(app.db, { serviceId: service.id, facets, from: query.page, limit: PAGE_SIZE + 1 }),
    countMessages(app.db, service.id, facets),
  ]);
  const counts = sumUp(counted.map(({ status, messages }) => [status, messages] as const));
  return { ...pageOf(walked.messages, query.page, walked.stoppedAtId), counts };
}

async function find(
  app: Searcher,
  { service, query, text }: { service: Service; query: MessageQuery; text: string },
): Promise<Found> {
  const facets = facetsOf(query);
  const fits = (await findByText(app, service, text)).filter((message) => fitsFacets(message, facets));
  const counts = sumUp(fits.map(({ status }) => [status, 1] as const));
  const { statuses } = facets;
  const listed = statuses ? fits.filter(({ status }) => statuses.includes(status)) : fits;
  return { ...pageOf(around(listed, query.page), query.page, undefined), counts };
}

/** Everything the text may mean, newest first, each message once. */
async function findByText({ db, keys }: Searcher, service: Service, text: string): Promise<FoundMessage[]> {
  const recipient = normalisedRecipient(text);
  const [byId, byRecipient, byReference] = await Promise.all([
    UUID.test(text) ? findNotification(db, service.id, text.toLowerCase()) : undefined,
    recipient === undefined ? [] : findByRecipient(db, service.id, blindIndex(keys.searchIndex, recipient)),
    text.length > REFERENCE_MAX_CHARACTERS ? [] : findByReference(db, service.id, text),
  ]);
  const all = [...(byId ? [byId] : []), ...byRecipient, ...byReference];
  return [...new Map(all.map((message) => [message.id, message])).values()].sort((a, b) => (a.id < b.id ? 1 : -1));
}

function normalisedRecipient(text: string): string | undefined {
  if (text.includes("@")) {
    const address = parseEmailAddress(text);
    return typeof address === "string" ? undefined : address.normalised;
  }
  const number = parsePhoneNumber(text);
  return typeof number === "string" ? undefined : number.digits;
}

function fitsFacets(message: FoundMessage, facets: MessageFacets): boolean {
  const at = timeOfId(message.id);
  return (
    facets.keyKinds.includes(message.keyKind) &&
    facets.channels?.includes(message.channel) !== false &&
    (facets.templateId === undefined || facets.templateId === message.templateId) &&
    (facets.apiKeyId === undefined || facets.apiKeyId === message.apiKeyId) &&
    fitsCarriage(message, facets) &&
    (facets.from === undefined || at >= facets.from) &&
    (facets.before === undefined || at < facets.before)
  );
}

/** From whom it is, where it went, which way, and what was said of it. */
function fitsCarriage(message: FoundMessage, facets: MessageFacets): boolean {
  return (
    (facets.sender === undefined || facets.sender === message.sender) &&
    (facets.countryPrefix === undefined || facets.countryPrefix === message.countryPrefix) &&
    (facets.provider === undefined || facets.provider === message.provider) &&
    (facets.code === undefined || facets.code === message.reportedCode?.split(" ")[0])
  );
}

function facetsOf(query: MessageQuery): MessageFacets {
  const { channels, groups, templateId, apiKeyId, sender, countryPrefix, provider, code, from, before } = query;
  const statuses = groups && groups.length > 0 ? statusesIn(groups) : undefined;
  return {
    channels: channels && channels.length > 0 ? channels : undefined,
    statuses,
    templateId,
    ...{ apiKeyId, sender, countryPrefix, provider, code },
    from,
    before,
    keyKinds: KEY_KINDS[query.test ?? "without"],
  };
}

const KEY_KINDS: Record<"without" | "with" | "only", readonly KeyKind[]> = {
  without: ["live", "team"],
  with: ["live", "team", "test"],
  only: ["test"],
};

/** The page's worth of messages next to the cursor, and one more where there is one; newest first. */
function around(messages: readonly FoundMessage[], page: MessageQuery["page"]): FoundMessage[] {
  if (!page) return messages.slice(0, PAGE_SIZE + 1);
  if (page.direction === "older") return messages.filter(({ id }) => id < page.id).slice(0, PAGE_SIZE + 1);
  return messages.filter(({ id }) => id > page.id).slice(-(PAGE_SIZE + 1));
}

function pageOf(
  messages: readonly FoundMessage[],
  page: MessageQuery["page"],
  stoppedAtId: string | undefined,
): Omit<Found, "counts"> {
  const isNewer = page?.direction === "newer";
  const shown = isNewer ? messages.slice(-PAGE_SIZE) : messages.slice(0, PAGE_SIZE);
  const isMore = messages.length > PAGE_SIZE;
  const ids = shown.map(({ id }) => id);
  const first = ids[0] ?? page?.id;
  const last = ids.at(-1) ?? page?.id;
  const behind = isNewer ? first : last;
  const onward = isMore ? behind : stoppedAtId;
  return {
    ids,
    olderThan: isNewer ? last : onward,
    newerThan: isNewer ? onward : page && first,
    lookedUpTo: stoppedAtId === undefined ? undefined : timeOfId(stoppedAtId),
  };
}

function sumUp(counted: readonly (readonly [status: string, messages: number])[]): MessageCounts {
  const groups = noMessages();
  for (const [status, messages] of counted) groups[statusGroupOf(status as Status)] += messages;
  const total = groups.sending + groups.delivered + groups.failed + groups.cancelled;
  return { ...groups, total: Math.min(total, FOUND_MAX), isMore: total > FOUND_MAX };
}
