/** Messages that are held until two people have released them: counted and held in the flight that accepts them, exactly. */
import { type Db, sqlConstant, type Tx } from "../../platform/db.ts";
import type { Channel } from "../services/service.ts";

const MINUTE_MS = 60_000;

/** Why a message is held: there are too many of its template, it breaks a rule, or a guard against floods has stopped its like. */
export type HeldFor = "much" | "content-rule" | "flood";

/** One message of a service that holds above a limit, or one that is held whatever the limit. */
export interface ReleaseCount {
  notificationId: string;
  serviceId: string;
  templateId: string;
  channel: Channel;
  /** It is counted in, since 1970. */
  minute: number;
  /** Pounds. */
  cost: string;
  /** Most of its template within an hour, and money for them; 0: any. */
  above: number;
  abovePounds: number;
  /** However few there are. */
  heldFor: Exclude<HeldFor, "much"> | undefined;
  ruleName: string | undefined;
  sentBy: string | undefined;
  scheduledFor: Date | undefined;
  expiresAt: Date;
  /** Of the event that says so, should it be held. */
  eventId: string;
}

export interface HeldMessage {
  notificationId: string;
  serviceId: string;
  templateId: string;
  channel: Channel;
  scheduledFor: Date | undefined;
}

const HELD = sqlConstant("h.notification_id, h.service_id, h.template_id, h.channel, h.scheduled_for");
/** The minute that is under way, and as many before it as an hour has: within no hour more go than the limit says. */
const MINUTES_BACK = 61;

/**
 * Counts what the transaction accepts, and holds what is above its limits: its jobs, which the transaction has made, then sleep for ever.
 * Rows are taken in one order, so that two flights never wait for each other in a circle; whoever waited sees what the other counted.
 */
export async function countAndHold(tx: Tx, counts: readonly ReleaseCount[]): Promise<void> {
  if (counts.length === 0) return;
  const column = <Key extends keyof ReleaseCount>(key: Key) => counts.map((count) => count[key] ?? null);
  await tx.query`
    with given as (
      select * from unnest(${column("notificationId")}::uuid[], ${column("serviceId")}::uuid[], ${column("templateId")}::uuid[],
        ${column("channel")}::text[], ${column("minute")}::integer[], ${column("cost")}::numeric[], ${column("above")}::integer[],
        ${column("abovePounds")}::integer[], ${column("heldFor")}::text[], ${column("ruleName")}::text[], ${column("sentBy")}::uuid[],
        ${column("scheduledFor")}::timestamptz[], ${column("expiresAt")}::timestamptz[], ${column("eventId")}::uuid[])
        as g (id, service_id, template_id, channel, minute, cost, above, above_pounds, held_for, rule_name, sent_by, scheduled_for,
          expires_at, event_id)),
    counted as (
      insert into release_tallies as t (service_id, template_id, minutes, messages, costs, message_total, cost_total)
      select g.service_id, g.template_id, array[max(g.minute)], array[count(*)], array[sum(g.cost)], count(*), sum(g.cost)
      from given g where g.above > 0 or g.above_pounds > 0 group by 1, 2 order by 1, 2
      on conflict (service_id, template_id) do update set (minutes, messages, costs, message_total, cost_total) = (
        select array_agg(m.minute), array_agg(m.messages), array_agg(m.cost), sum(m.messages), sum(m.cost) from (
          select p.minute, sum(p.messages)::integer as messages, sum(p.cost) as cost
          from unnest(t.minutes || excluded.minutes, t.messages || excluded.messages, t.costs || excluded.costs)
            as p (minute, messages, cost)
          where p.minute > excluded.minutes[1] - ${MINUTES_BACK}::integer group by p.minute) m)
      returning service_id, template_id, message_total, cost_total),
    placed as (
      select g.*, c.message_total - count(*) over whole + row_number() over so_far as number,
        c.cost_total - sum(g.cost) over whole + sum(g.cost) over so_far as spent
      from given g left join counted c using (service_id, template_id)
      window whole as (partition by g.service_id, g.template_id),
        so_far as (partition by g.service_id, g.template_id order by g.id)),
    held as (
      insert into held_messages (notification_id, service_id, template_id, channel, cost, held_for, rule_name, sent_by, scheduled_for, expires_at)
      select p.id, p.service_id, p.template_id, p.channel, p.cost, coalesce(p.held_for, 'much'), p.rule_name, p.sent_by, p.scheduled_for,
        p.expires_at
      from placed p
      where p.held_for is not null or (p.above > 0 and p.number > p.above) or (p.above_pounds > 0 and p.spent > p.above_pounds)
      returning notification_id, held_for),
    told as (
      insert into notification_events (id, notification_id, kind, code, reason)
      select g.event_id, g.id, 'held-for-release', h.held_for, g.rule_name from given g join held h on h.notification_id = g.id)
    update jobs set wake_at = 'infinity' from held h
    where jobs.id = h.notification_id and jobs.queue = any('{dispatch-sms,dispatch-email,dispatch-chat,letter}')`;
}

/** What counts towards the next hold begins anew. */
export async function forgetReleaseCounts(tx: Tx, { serviceId, templateId }: HeldTemplate): Promise<void> {
  await tx.query`delete from release_tallies where service_id = ${serviceId} and template_id = ${templateId}`;
}

/** Those of which nothing counts any more. */
export async function deleteReleaseCountsBefore(db: Db, before: Date): Promise<void> {
  await db.query`delete from release_tallies t where ${minuteOf(before)}::integer > all(t.minutes)`;
}

/** Since 1970. */
export function minuteOf(moment: Date): number {
  return Math.floor(moment.getTime() / MINUTE_MS);
}

export interface HeldTemplate {
  serviceId: string;
  templateId: string;
}

export interface HeldGroup extends HeldTemplate {
  templateName: string;
  messages: number;
  cost: string;
  firstId: string;
  lastId: string;
  firstExpiresAt: Date;
  senders: string[];
  /** Each way once. */
  reasons: { heldFor: HeldFor; ruleName: string | null }[];
  askedBy: string | undefined;
  askedByName: string | undefined;
  askedAt: Date | undefined;
  /** Two have agreed: they are being put on their way. */
  isApproved: boolean;
}

/** By template; of one service, or of all. */
export function listHeldGroups(
  db: Db,
  { serviceId, limit }: { serviceId?: string; limit: number },
): Promise<HeldGroup[]> {
  return db.query<HeldGroup>`
    select h.service_id, h.template_id, v.name as template_name, h.messages, h.cost, h.first_id, h.last_id, h.first_expires_at,
      h.senders, h.reasons, r.asked_by, u.name as asked_by_name, r.asked_at, r.approved_by is not null as is_approved
    from (
      select m.service_id, m.template_id, count(*)::integer as messages, sum(m.cost)::text as cost,
        min(m.notification_id::text) as first_id, max(m.notification_id::text) as last_id, min(m.expires_at) as first_expires_at,
        array_remove(array_agg(distinct m.sent_by), null)::text[] as senders,
        array_agg(distinct jsonb_build_object('heldFor', m.held_for, 'ruleName', m.rule_name)) as reasons
      from held_messages m where ${serviceId ?? null}::uuid is null or m.service_id = ${serviceId ?? null}::uuid
      group by m.service_id, m.template_id order by min(m.notification_id::text) limit ${limit}) h
    join templates t on t.id = h.template_id join template_versions v on v.template_id = t.id and v.version = t.version
    left join release_requests r on r.service_id = h.service_id and r.template_id = h.template_id
    left join users u on u.id = r.asked_by
    order by h.first_id`;
}

export async function isHeld(db: Db, notificationId: string): Promise<boolean> {
  const rows = await db.query`select 1 from held_messages where notification_id = ${notificationId}`;
  return rows.length > 0;
}

/** Which of some messages are held. */
export async function listHeldAmong(db: Db, notificationIds: readonly string[]): Promise<Set<string>> {
  if (notificationIds.length === 0) return new Set();
  const rows = await db.query<{ id: string }>`
    select h.notification_id as id from held_messages h where h.notification_id = any(${notificationIds}::uuid[])`;
  return new Set(rows.map(({ id }) => id));
}

/** False where it was not held. */
export async function deleteHeld(tx: Tx, notificationId: string): Promise<boolean> {
  const deleted = await tx.query`
    delete from held_messages where notification_id = ${notificationId} returning notification_id`;
  return deleted.length > 0;
}

/** When it is given up unless somebody releases it; undefined for what is not held. */
export async function findHeldUntil(db: Db, notificationId: string): Promise<Date | undefined> {
  const [held] = await db.query<{ expiresAt: Date }>`
    select h.expires_at from held_messages h where h.notification_id = ${notificationId}`;
  return held?.expiresAt;
}

/** Takes some that were held up to one of them; whoever else is taking them gets others. */
export function takeHeld(
  tx: Tx,
  { serviceId, templateId, upTo, limit }: HeldTemplate & { upTo: string; limit: number },
): Promise<HeldMessage[]> {
  return tx.query<HeldMessage>`
    delete from held_messages h where h.notification_id = any(array(
      select o.notification_id from held_messages o
      where o.service_id = ${serviceId} and o.template_id = ${templateId} and o.notification_id <= ${upTo}
      order by o.notification_id limit ${limit} for update skip locked))
    returning ${HELD}`;
}

/** Takes some that nobody has released in time. */
export function takeExpired(tx: Tx, { now, limit }: { now: Date; limit: number }): Promise<HeldMessage[]> {
  return tx.query<HeldMessage>`
    delete from held_messages h where h.notification_id = any(array(
      select o.notification_id from held_messages o where o.expires_at <= ${now}
      order by o.expires_at limit ${limit} for update skip locked))
    returning ${HELD}`;
}

export interface ReleaseRequest extends HeldTemplate {
  askedBy: string;
  approvedBy: string | undefined;
  upTo: string | undefined;
}

/** False where somebody has asked already. */
export async function insertReleaseRequest(
  tx: Tx,
  { serviceId, templateId, askedBy, askedAt }: HeldTemplate & { askedBy: string; askedAt: Date },
): Promise<boolean> {
  const made = await tx.query`
    insert into release_requests (service_id, template_id, asked_by, asked_at)
    values (${serviceId}, ${templateId}, ${askedBy}, ${askedAt}) on conflict do nothing returning 1`;
  return made.length > 0;
}

/** Locked until the transaction ends: of two who agree at once, one is first. */
export async function lockReleaseRequest(
  tx: Tx,
  { serviceId, templateId }: HeldTemplate,
): Promise<ReleaseRequest | undefined> {
  const [request] = await tx.query<ReleaseRequest>`
    select r.service_id, r.template_id, r.asked_by, r.approved_by, r.up_to from release_requests r
    where r.service_id = ${serviceId} and r.template_id = ${templateId} for update`;
  return request;
}

export async function approveReleaseRequest(
  tx: Tx,
  { serviceId, templateId, approvedBy, upTo }: HeldTemplate & { approvedBy: string; upTo: string },
): Promise<void> {
  await tx.query`
    update release_requests set approved_by = ${approvedBy}, up_to = ${upTo}
    where service_id = ${serviceId} and template_id = ${templateId}`;
}

export async function deleteReleaseRequest(tx: Tx, { serviceId, templateId }: HeldTemplate): Promise<void> {
  await tx.query`delete from release_requests where service_id = ${serviceId} and template_id = ${templateId}`;
}

/** Nothing is held any more of what was asked for: whoever asks for what is held later has to ask for that. */
export async function deleteIdleRequests(db: Db): Promise<void> {
  await db.query`
    delete from release_requests r where r.approved_by is null and not exists (
      select 1 from held_messages h where h.service_id = r.service_id and h.template_id = r.template_id)`;
}

/** Those that two have agreed on, and that may not be done with. */
export function listApprovedRequests(db: Db, limit: number): Promise<(HeldTemplate & { upTo: string })[]> {
  return db.query<HeldTemplate & { upTo: string }>`
    select r.service_id, r.template_id, r.up_to from release_requests r where r.approved_by is not null limit ${limit}`;
}

/** Whether somebody is among those who sent what is held. */
export async function hasSentHeld(
  db: Db,
  { serviceId, templateId, userId, upTo }: HeldTemplate & { userId: string; upTo: string },
): Promise<boolean> {
  const rows = await db.query`
    select 1 from held_messages h where h.service_id = ${serviceId} and h.template_id = ${templateId} and h.sent_by = ${userId}
      and h.notification_id <= ${upTo} limit 1`;
  return rows.length > 0;
}
