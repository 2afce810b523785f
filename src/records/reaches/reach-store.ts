/** Reaches and their steps, as the database keeps them. Every move is guarded: it is made once, and only while the reach is working. */
import type { ReachStatus } from "../../core/reach/reach-course.ts";
import { type Db, sqlConstant, type Tx } from "../../platform/db.ts";
import type { KeyKind } from "../services/service.ts";
import type { NewReach, Reach, ReachStep, StepWish, TakenStep } from "./reach.ts";

const COLUMNS = sqlConstant(`
  r.id, r.service_id, r.key_kind, r.api_key_id, r.reference, r.status, r.sealed_wish, r.sealed_callback_url, r.created_at, r.deadline,
  r.most_cost, r.step, r.reached_step, r.reached_by, r.because, r.ended_at`);

export async function insertReach(tx: Tx, reach: NewReach, steps: readonly StepWish[]): Promise<void> {
  const column = <Key extends keyof StepWish>(key: Key) => steps.map((step) => step[key] ?? null);
  await tx.query`
    insert into reaches (id, service_id, key_kind, api_key_id, reference, sealed_wish, sealed_callback_url, created_at, deadline, most_cost)
    values (${reach.id}, ${reach.serviceId}, ${reach.keyKind}, ${reach.apiKeyId}, ${reach.reference ?? null}, ${reach.sealedWish},
      ${reach.sealedCallbackUrl ?? null}, ${reach.createdAt}, ${reach.deadline}, ${reach.mostCost ?? null})`;
  await tx.query`
    insert into reach_steps (reach_id, number, channel, template_id, until, wait_seconds)
    select ${reach.id}, s.number, s.channel, s.template_id, s.until, s.wait_seconds
    from unnest(
      ${column("number")}::smallint[], ${column("channel")}::text[], ${column("templateId")}::uuid[], ${column("until")}::text[],
      ${column("waitSeconds")}::integer[]
    ) as s (number, channel, template_id, until, wait_seconds)`;
}

/** By id, of any service: for the flow, which has the ids from its own queue. */
export function getReaches(db: Db, ids: readonly string[]): Promise<Reach[]> {
  return db.query<Reach>`select ${COLUMNS} from reaches r where r.id = any(${ids}::uuid[])`;
}

interface Which {
  serviceId: string;
  /** Who asks with another kind of key does not find it. */
  keyKind: KeyKind;
  id: string;
}

/** Of whichever kind of key, where that is left out. */
export async function findReach(
  db: Db,
  { serviceId, keyKind, id }: Omit<Which, "keyKind"> & Partial<Which>,
): Promise<Reach | undefined> {
  const [reach] = await db.query<Reach>`
    select ${COLUMNS} from reaches r
    where r.id = ${id} and r.service_id = ${serviceId} and r.key_kind = coalesce(${keyKind ?? null}, r.key_kind)`;
  return reach;
}

export interface ReachFilter {
  serviceId: string;
  keyKind?: KeyKind | undefined;
  reference?: string | undefined;
  status?: ReachStatus | undefined;
  /** Only those made before this one. */
  olderThan?: string | undefined;
  limit: number;
}

/** Newest first. An `olderThan` that the service does not have gives an empty page. */
export function listReaches(db: Db, filter: ReachFilter): Promise<Reach[]> {
  const { serviceId, keyKind = null, reference = null, status = null, olderThan = null, limit } = filter;
  return db.query<Reach>`
    select ${COLUMNS} from reaches r
    where r.service_id = ${serviceId} and (${keyKind}::text is null or r.key_kind = ${keyKind})
      and (${reference}::text is null or r.reference = ${reference}) and (${status}::text is null or r.status = ${status})
      and (${olderThan}::uuid is null or r.id < (
        select o.id from reaches o where o.id = ${olderThan}::uuid and o.service_id = ${serviceId}))
    order by r.id desc limit ${limit}`;
}

/** Of these reaches, each reach's in their order. */
export function listSteps(db: Db, reachIds: readonly string[]): Promise<ReachStep[]> {
  return db.query<ReachStep>`
    select s.reach_id, s.number, s.channel, s.template_id, s.until, s.wait_seconds, s.begun_at, s.notification_id, s.cost, s.is_simulated,
      s.passed_over, s.passed_over_words
    from reach_steps s where s.reach_id = any(${reachIds}::uuid[]) order by s.reach_id, s.number`;
}

/** The step whose message a notification is. */
export async function findStepOf(
  db: Db,
  notificationId: string,
): Promise<Pick<ReachStep, "reachId" | "number"> | undefined> {
  const [step] = await db.query<Pick<ReachStep, "reachId" | "number">>`
    select s.reach_id, s.number from reach_steps s where s.notification_id = ${notificationId}`;
  return step;
}

/**
 * Steps whose messages are accepted in this transaction. One that was begun before, or whose reach has ended, or two of one reach fail
 * the transaction: their messages must not go. See `isTakenAlready`.
 */
export async function takeSteps(tx: Tx, steps: readonly TakenStep[]): Promise<void> {
  if (steps.length === 0) return;
  const column = <Key extends keyof TakenStep>(key: Key) => steps.map((step) => step[key] ?? null);
  const moved = tx.query`
    update reaches r set step = case when r.status = 'working' and r.step < t.number and t.times = 1 then t.number end
    from (
      select u.reach_id, max(u.number) as number, count(*) as times
      from unnest(${column("reachId")}::uuid[], ${column("number")}::smallint[]) as u (reach_id, number) group by u.reach_id
    ) as t
    where r.id = t.reach_id`;
  const begun = tx.query`
    update reach_steps s set begun_at = t.at, notification_id = t.notification_id, cost = t.cost, is_simulated = t.notification_id is null
    from unnest(
      ${column("reachId")}::uuid[], ${column("number")}::smallint[], ${column("notificationId")}::uuid[], ${column("cost")}::numeric[],
      ${column("at")}::timestamptz[]
    ) as t (reach_id, number, notification_id, cost, at)
    where s.reach_id = t.reach_id and s.number = t.number`;
  await Promise.all([moved, begun]);
}

/** SQLSTATE 23502, not null: somebody else has begun the step, or the reach has ended. */
export function isTakenAlready(error: unknown): boolean {
  const { code, table, column } = error as { code?: string; table?: string; column?: string };
  return code === "23502" && table === "reaches" && column === "step";
}

export interface PassedOver {
  reachId: string;
  number: number;
  passedOver: "cost" | "refused";
  words: string;
  at: Date;
}

/** Whoever is first passes a step over; anybody else changes nothing. */
export async function passOver(db: Db, { reachId, number, passedOver, words, at }: PassedOver): Promise<void> {
  await db.query`
    with moved as (
      update reaches r set step = ${number}
      where r.id = ${reachId} and r.status = 'working' and r.step < ${number} returning r.id
    )
    update reach_steps s set begun_at = ${at}, passed_over = ${passedOver}, passed_over_words = ${words}
    from moved where s.reach_id = moved.id and s.number = ${number}`;
}

export interface Ending extends Partial<Pick<Reach, "reachedStep" | "reachedBy" | "because">> {
  id: string;
  status: Exclude<ReachStatus, "working">;
  at: Date;
  /** It is ended only where no step was begun after this one. */
  ifStepIs?: number;
}

/** Of two who end it one does; undefined where it has ended, or gone on. Whom it was to reach is forgotten. */
export async function endReach(tx: Tx, ending: Ending): Promise<Reach | undefined> {
  const { id, status, at, reachedStep = null, reachedBy = null, because = null, ifStepIs = null } = ending;
  const [reach] = await tx.query<Reach>`
    update reaches r set status = ${status}, ended_at = ${at}, reached_step = ${reachedStep}::smallint, reached_by = ${reachedBy},
      because = ${because}, sealed_wish = null
    where r.id = ${id} and r.status = 'working' and (${ifStepIs}::smallint is null or r.step = ${ifStepIs}::smallint)
    returning ${COLUMNS}`;
  return reach;
}

/** Deletes reaches that have ended and that their services keep no message of any more; says how many. */
export async function deletePastReaches(db: Db, { now, limit }: { now: Date; limit: number }): Promise<number> {
  const deleted = await db.query<{ id: string }>`
    delete from reaches d where d.id = any(array(
      select r.id from reaches r join services s on s.id = r.service_id
      where r.status <> 'working' and r.created_at < ${now}::timestamptz
        - (1 + greatest(s.retention_days_sms, s.retention_days_email, s.retention_days_letter)) * interval '1 day'
      limit ${limit}))
    returning d.id`;
  return deleted.length;
}
