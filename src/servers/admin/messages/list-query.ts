/** What a list of messages is asked for with, as its address says it. Never a recipient: text that is searched for stands there by an id. */
import { HOME_TIME_ZONE } from "../../../core/calendar/home.ts";
import { startOfLocalDay } from "../../../core/calendar/local-day.ts";
import { STATUS_GROUPS, type StatusGroup } from "../../../core/delivery/status-groups.ts";
import type { MessageQuery } from "../../../flow/messages/search.ts";
import { asId } from "../http/ids.ts";

const DAY_MS = 86_400_000;
const DATE = /^\d{4}-\d\d-\d\d$/;
const COUNTRY = /^\d{1,4}$/;
/** As providers may be called. */
const NAME = /^[a-z0-9][a-z0-9-]{0,62}$/;
/** As counts keep them. */
const CODE = /^[\w.:/-]{1,40}$/;
const CHANNELS = ["sms", "email", "letter", "chat"] as const;
const TESTS = ["with", "only"] as const;

export interface ListQuery {
  /** The id of the view that is open. */
  view?: string | undefined;
  /** The id of a saved search, or of the view itself for the text that it keeps. */
  search?: string | undefined;
  channel?: (typeof CHANNELS)[number] | undefined;
  status?: StatusGroup | undefined;
  template?: string | undefined;
  key?: string | undefined;
  /** The id of a text sender. */
  sender?: string | undefined;
  /** A calling code, or the four digits that set an island apart. */
  country?: string | undefined;
  provider?: string | undefined;
  /** What a carrier reported. */
  code?: string | undefined;
  test?: (typeof TESTS)[number] | undefined;
  /** Days by date, both included. */
  from?: string | undefined;
  to?: string | undefined;
  older?: string | undefined;
  newer?: string | undefined;
}

/** Names whose values are the same in the address and in the form. */
export const FACETS = [
  "channel",
  "status",
  "template",
  "key",
  "sender",
  "country",
  "provider",
  "code",
  "test",
  "from",
  "to",
] as const;

/** What is not understood is left out. */
export function readListQuery(given: (name: keyof ListQuery) => string | null | undefined): ListQuery {
  const oneOf = <T extends string>(all: readonly T[], value: string | null | undefined) =>
    all.find((one) => one === value);
  return {
    view: asId(given("view")),
    search: asId(given("search")),
    channel: oneOf(CHANNELS, given("channel")),
    status: oneOf(STATUS_GROUPS, given("status")),
    template: asId(given("template")),
    key: asId(given("key")),
    sender: asId(given("sender")),
    country: wordOrNone(given("country")?.replace(/^\+|^00/, ""), COUNTRY),
    provider: wordOrNone(given("provider"), NAME),
    code: wordOrNone(given("code"), CODE),
    test: oneOf(TESTS, given("test")),
    from: dateOrNone(given("from")),
    to: dateOrNone(given("to")),
    older: asId(given("older")),
    newer: asId(given("newer")),
  };
}

/** A word that has the form it must have. */
function wordOrNone(text: string | null | undefined, form: RegExp): string | undefined {
  const word = text?.trim();
  return word && form.test(word) ? word : undefined;
}

/** A date as browsers' fields give it (ISO 8601); undefined for what is none. */
export function dateOrNone(text: string | null | undefined): string | undefined {
  if (!text || !DATE.test(text)) return undefined;
  const day = new Date(`${text}T12:00:00Z`);
  return Number.isNaN(day.getTime()) || !day.toISOString().startsWith(text) ? undefined : text;
}

export function listPath(serviceId: string, query: ListQuery = {}): string {
  return `/services/${serviceId}/messages${queryText(query)}`;
}

/** As an address ends with it: "?channel=sms", or nothing. */
export function queryText(query: ListQuery): string {
  const given = Object.entries(query).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return given.length > 0 ? `?${new URLSearchParams(given)}` : "";
}

/** Whether more than a page of everything is asked for. */
export function isFiltered({ view, older, newer, ...filters }: ListQuery): boolean {
  return Object.values(filters).some((value) => value !== undefined);
}

/** As the flow is asked. `text` is what the saved search says. */
export function messageQuery(query: ListQuery, text: string | undefined): MessageQuery {
  const { channel, status, template, key, country, provider, code, test, from, to, older, newer } = query;
  return {
    text,
    channels: channel && [channel],
    groups: status && [status],
    templateId: template,
    apiKeyId: key,
    countryPrefix: country,
    provider,
    code,
    test,
    from: from === undefined ? undefined : startOfLocalDay(from, HOME_TIME_ZONE),
    before: to === undefined ? undefined : startOfLocalDay(dayAfter(to), HOME_TIME_ZONE),
    page: pageOf(older, newer),
  };
}

function pageOf(older: string | undefined, newer: string | undefined): MessageQuery["page"] {
  if (older !== undefined) return { direction: "older", id: older };
  return newer === undefined ? undefined : { direction: "newer", id: newer };
}

function dayAfter(date: string): string {
  return new Date(Date.parse(`${date}T12:00:00Z`) + DAY_MS).toISOString().slice(0, DATE_LENGTH);
}

const DATE_LENGTH = "2026-06-10".length;
