/** How many verifications there were on each day, and what became of them: of those that are kept, and of those before. */
import type { Db } from "../../platform/db.ts";
import { firstIdAt } from "../../platform/ids.ts";

export interface VerificationDay {
  /** "2026-06-01" */
  day: string;
  asked: number;
  texts: number;
  emails: number;
  verified: number;
}

/** Days with any, newest first; days begin and end in this time zone. Test keys are not counted. */
export function listVerificationDays(
  db: Db,
  { serviceId, since, timeZone }: { serviceId: string; since: string; timeZone: string },
): Promise<VerificationDay[]> {
  return db.query<VerificationDay>`
    select day::text as day, sum(asked)::integer as asked, sum(texts)::integer as texts, sum(emails)::integer as emails,
      sum(verified)::integer as verified
    from (
      select d.day, d.asked, d.texts, d.emails, d.verified from daily_verifications d
      where d.service_id = ${serviceId} and d.key_kind <> 'test'
      union all
      select (v.created_at at time zone ${timeZone})::date, 1, v.texts, v.emails, (v.verified_at is not null)::integer
      from verifications v where v.service_id = ${serviceId} and v.key_kind <> 'test'
    ) as counted
    where day >= ${since}::date group by day order by day desc`;
}

/** Deletes those made before a moment, and counts them, in one statement: none is counted twice, and none is lost. Says how many. */
export async function foldVerifications(
  db: Db,
  { before, timeZone, limit }: { before: Date; timeZone: string; limit: number },
): Promise<number> {
  const [row] = await db.query<{ folded: number }>`
    with past as (
      delete from verifications v where v.id = any(array(
        select o.id from verifications o where o.id < ${firstIdAt(before)}::uuid order by o.id limit ${limit}))
      returning v.service_id, (v.created_at at time zone ${timeZone})::date as day, v.key_kind, v.texts, v.emails, v.verified_at
    ), folded as (
      insert into daily_verifications as d (service_id, day, key_kind, asked, texts, emails, verified)
      select p.service_id, p.day, p.key_kind, count(*), sum(p.texts), sum(p.emails), count(p.verified_at)
      from past p group by p.service_id, p.day, p.key_kind
      on conflict (service_id, day, key_kind) do update set asked = d.asked + excluded.asked, texts = d.texts + excluded.texts,
        emails = d.emails + excluded.emails, verified = d.verified + excluded.verified
    )
    select count(*)::integer as folded from past`;
  return row?.folded ?? 0;
}

/** Recipients of codes that have run out are forgotten; says of how many. */
export async function forgetPastWishes(db: Db, { now, limit }: { now: Date; limit: number }): Promise<number> {
  const forgotten = await db.query<{ id: string }>`
    update verifications v set sealed_wish = null where v.id = any(array(
      select o.id from verifications o where o.sealed_wish is not null and o.expires_at < ${now} limit ${limit}))
    returning v.id`;
  return forgotten.length;
}
