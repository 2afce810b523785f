/**
 * What became of messages, counted: hours that are over are kept as counts, the hours since are counted when asked. Retention of the
 * messages does not touch the counts (docs/decisions/0018-counting-messages.md).
 */
import { HOME_TIME_ZONE } from "../../core/calendar/home.ts";
import type { Postage } from "../../core/letter/postage.ts";
import { type Db, sqlConstant, type Tx } from "../../platform/db.ts";
import { firstIdAt } from "../../platform/ids.ts";
import type { Channel, KeyKind } from "../services/service.ts";
import { countedDays, type Days } from "./counted-days.ts";

/** Some messages that have everything in common that is counted by. */
export interface Tally {
  channel: Channel;
  keyKind: KeyKind;
  templateId: string;
  status: string;
  /** What the carrier gave as the reason of a failure, its first word; empty otherwise. */
  code: string;
  rateMultiplier: number;
  /** Of the table of rates; empty where there is no country, and for texts counted before countries were. */
  countryPrefix: string;
  /** Of letters; empty for texts and emails, and for letters counted before postage was. */
  postage: Postage | "";
  /** Listed, of one fragment, exact: "0.041"; empty where the house rate holds. */
  unitPrice: string;
  /** Of each of these letters; 0 where they are not counted yet. */
  sheetsEach: number;
  messages: number;
  /** Fragments that a provider was asked to carry. */
  fragments: number;
}

export interface HourTally extends Tally {
  serviceId: string;
}

export interface CountedHourRow {
  hour: Date;
  countedAt: Date;
  hasUnfinished: boolean;
}

const HOUR_MS = 3_600_000;
const HOURS_LISTED_MAX = 2_000;

/**
 * Carriers' reasons are of failures; the first word of one is its code. How a letter is posted is looked up for letters alone: there are
 * few of them.
 */
const GROUPED = sqlConstant(`
  n.channel, n.key_kind, n.template_id, n.status,
  case when n.status like '%fail%' then left(split_part(coalesce(n.reported_code, ''), ' ', 1), 40) else '' end as code,
  n.rate_multiplier, coalesce(n.country_prefix, '') as country_prefix,
  coalesce(trim_scale(n.unit_price)::text, '') as unit_price,
  case when n.channel = 'letter' then (select l.postage from letters l where l.notification_id = n.id) else '' end as postage,
  case when n.channel = 'letter' then n.fragments else 0 end as sheets_each, count(*)::integer as messages,
  coalesce(sum(n.fragments) filter (where n.attempts > 0), 0)::integer as fragments`);

/** Those of one provider, the last that was asked. */
export interface SpanTally extends HourTally {
  provider: string | undefined;
  network: string | undefined;
  /** Of these, those that may have been sent twice, since an earlier try did not report back in time. */
  repeatedMessages: number;
  repeatedFragments: number;
}

/** Counts a span of time over all services. */
export function countSpan(db: Db, span: { from: Date; before: Date }): Promise<SpanTally[]> {
  return db.query<SpanTally>`
    select n.service_id, n.provider, n.network, count(*) filter (where n.may_be_repeated and n.attempts > 0)::integer as repeated_messages,
      coalesce(sum(n.fragments) filter (where n.may_be_repeated and n.attempts > 0), 0)::integer as repeated_fragments, ${GROUPED} from notifications n
    where n.id >= ${firstIdAt(span.from)}::uuid and n.id < ${firstIdAt(span.before)}::uuid
    group by n.service_id, n.provider, n.network, n.channel, n.key_kind, n.template_id, n.status, code, n.rate_multiplier, n.country_prefix,
      n.unit_price, postage, sheets_each`;
}

/** Counts one service's messages from a moment on, a bounded number of them. */
export function countSince(db: Db, serviceId: string, span: { from: Date; before: Date }): Promise<Tally[]> {
  return db.query<Tally>`
    select ${GROUPED} from notifications n
    where n.service_id = ${serviceId} and n.id >= ${firstIdAt(span.from)}::uuid and n.id < ${firstIdAt(span.before)}::uuid
    group by n.channel, n.key_kind, n.template_id, n.status, code, n.rate_multiplier, n.country_prefix, n.unit_price, postage,
      sheets_each`;
}

/** Counted hours that are not folded into their days, oldest first. */
export function listCountedHours(db: Db): Promise<CountedHourRow[]> {
  return db.query<CountedHourRow>`
    select c.hour, c.counted_at, c.has_unfinished from counted_hours c
    where not c.is_folded order by c.hour limit ${HOURS_LISTED_MAX}`;
}

export async function findLastCountedHour(db: Db): Promise<Date | undefined> {
  const [row] = await db.query<{ hour: Date | undefined }>`select max(c.hour) as hour from counted_hours c`;
  return row?.hour;
}

/** When the oldest message there is was made. */
export async function findOldestMessage(db: Db): Promise<Date | undefined> {
  const [row] = await db.query<{ createdAt: Date }>`select n.created_at from notifications n order by n.id limit 1`;
  return row?.createdAt;
}

/**
 * Puts new counts of an hour in the place of the old, service by service. One that counts fewer than were there is of a service whose
 * messages are being deleted: what was counted of that one stays.
 */
export async function replaceHour(tx: Tx, hour: Date, tallies: readonly HourTally[]): Promise<void> {
  const known = await tx.query<{ serviceId: string; messages: number }>`
    select s.service_id, sum(s.messages)::integer as messages from hourly_statistics s
    where s.hour = ${hour} group by s.service_id`;
  const before = new Map(known.map(({ serviceId, messages }) => [serviceId, messages]));
  const now = new Map<string, number>();
  for (const { serviceId, messages } of tallies) now.set(serviceId, (now.get(serviceId) ?? 0) + messages);
  const kept = tallies.filter(({ serviceId }) => (now.get(serviceId) ?? 0) >= (before.get(serviceId) ?? 0));
  const replacedIds = [...new Set(kept.map(({ serviceId }) => serviceId))];
  await tx.query`delete from hourly_statistics where hour = ${hour} and service_id = any(${replacedIds}::uuid[])`;
  await insertHour(tx, hour, kept);
}

async function insertHour(tx: Tx, hour: Date, tallies: readonly HourTally[]): Promise<void> {
  const column = <Key extends keyof HourTally>(key: Key) => tallies.map((tally) => tally[key]);
  await tx.query`
    insert into hourly_statistics (service_id, hour, channel, key_kind, template_id, status, code, rate_multiplier, country_prefix,
      unit_price, postage, sheets_each, messages, fragments)
    select t.service_id, ${hour}, t.channel, t.key_kind, t.template_id, t.status, t.code, t.rate_multiplier, t.country_prefix,
      t.unit_price, t.postage, t.sheets_each, t.messages, t.fragments
    from unnest(${column("serviceId")}::uuid[], ${column("channel")}::text[], ${column("keyKind")}::text[],
      ${column("templateId")}::uuid[], ${column("status")}::text[], ${column("code")}::text[],
      ${column("rateMultiplier")}::smallint[], ${column("countryPrefix")}::text[], ${column("unitPrice")}::text[],
      ${column("postage")}::text[],
      ${column("sheetsEach")}::smallint[], ${column("messages")}::integer[], ${column("fragments")}::integer[]
    ) as t (service_id, channel, key_kind, template_id, status, code, rate_multiplier, country_prefix, unit_price, postage, sheets_each,
      messages, fragments)`;
}

export async function noteCounted(tx: Tx, { hour, countedAt, hasUnfinished }: CountedHourRow): Promise<void> {
  await tx.query`
    insert into counted_hours (hour, counted_at, has_unfinished) values (${hour}, ${countedAt}, ${hasUnfinished})
    on conflict (hour) do update set counted_at = excluded.counted_at, has_unfinished = excluded.has_unfinished`;
}

/** Adds an hour's counts to those of its day, once. */
export async function foldHour(tx: Tx, hour: Date): Promise<void> {
  const [folded] = await tx.query<{ hour: Date }>`
    update counted_hours set is_folded = true where hour = ${hour} and not is_folded returning hour`;
  if (!folded) return;
  await tx.query`
    insert into daily_statistics (service_id, day, channel, key_kind, template_id, status, code, rate_multiplier, country_prefix,
      unit_price, postage, sheets_each, messages, fragments)
    select s.service_id, (s.hour at time zone ${HOME_TIME_ZONE})::date, s.channel, s.key_kind, s.template_id, s.status, s.code,
      s.rate_multiplier, s.country_prefix, s.unit_price, s.postage, s.sheets_each, s.messages, s.fragments
    from hourly_statistics s where s.hour = ${hour}
    on conflict (service_id, day, channel, key_kind, template_id, status, code, rate_multiplier, country_prefix, postage, sheets_each,
      unit_price)
    do update
      set messages = daily_statistics.messages + excluded.messages, fragments = daily_statistics.fragments + excluded.fragments`;
  await tx.query`delete from hourly_statistics where hour = ${hour}`;
}

export type DatedTally = Tally & { day: string };
export type OrganisationTally = Omit<DatedTally, "templateId" | "code" | "countryPrefix"> & { serviceId: string };
export type TimedTally = Tally & { hour: Date };

/** What is kept of a service by day, hours not folded yet included. */
export function listDailyTallies(db: Db, serviceId: string, days: Days): Promise<DatedTally[]> {
  return db.query<DatedTally>`
    select t.day::text as day, t.channel, t.key_kind, t.template_id, t.status, t.code, t.rate_multiplier, t.country_prefix, t.unit_price, t.postage,
      t.sheets_each, sum(t.messages)::integer as messages, sum(t.fragments)::integer as fragments
    from ${countedDays(days)} t where t.service_id = ${serviceId}
    group by t.day, t.channel, t.key_kind, t.template_id, t.status, t.code, t.rate_multiplier, t.country_prefix, t.unit_price, t.postage,
      t.sheets_each`;
}

/** What is kept of each of an organisation's services by day, as `listDailyTallies` has it; archived services too: they have cost. */
export function listOrganisationTallies(db: Db, organisationId: string, days: Days): Promise<OrganisationTally[]> {
  return db.query<OrganisationTally>`
    select t.service_id, t.day::text as day, t.channel, t.key_kind, t.status, t.rate_multiplier, t.unit_price, t.postage, t.sheets_each,
      sum(t.messages)::integer as messages, sum(t.fragments)::integer as fragments
    from ${countedDays(days)} t
    where t.service_id = any(array(select s.id from services s where s.organisation_id = ${organisationId}))
    group by t.service_id, t.day, t.channel, t.key_kind, t.status, t.rate_multiplier, t.unit_price, t.postage, t.sheets_each`;
}

/** What is kept of a service by hour; hours of more than a week ago are kept by day alone. */
export function listHourlyTallies(
  db: Db,
  serviceId: string,
  { from, before }: { from: Date; before: Date },
): Promise<TimedTally[]> {
  return db.query<TimedTally>`
    select h.hour, h.channel, h.key_kind, h.template_id, h.status, h.code, h.rate_multiplier, h.country_prefix, h.unit_price, h.postage, h.sheets_each,
      h.messages, h.fragments
    from hourly_statistics h where h.service_id = ${serviceId} and h.hour >= ${from} and h.hour < ${before}`;
}

/** When the hour after this one begins. */
export function nextHour(hour: Date): Date {
  return new Date(hour.getTime() + HOUR_MS);
}
