/** Canaries: texts to an operator's own numbers that go through one provider and no other. */
import type { Db } from "../../platform/db.ts";

export type CanaryOutcome = "delivered" | "failed" | "not-taken" | "late";

export interface Canary {
  id: string;
  providerId: string;
  sentAt: Date;
  outcome: CanaryOutcome | undefined;
  code: string | undefined;
  reportedAt: Date | undefined;
}

/** Asked every second by every process that sends; a provider has only so many that are kept. */
const LATEST_MAX = 5;

/** A new one, unless the provider had one since a moment: of several processes that want to send it one may. */
export async function insertCanaryIfDue(
  db: Db,
  canary: { id: string; providerId: string; sentAt: Date },
  since: Date,
): Promise<boolean> {
  const { id, providerId, sentAt } = canary;
  const [made] = await db.query<{ id: string }>`
    with provider as (select p.id from providers p where p.id = ${providerId} for update)
    insert into canaries (id, provider_id, sent_at)
    select ${id}::uuid, p.id, ${sentAt} from provider p
    where not exists (select from canaries c where c.provider_id = p.id and c.sent_at > ${since})
    returning id`;
  return made !== undefined;
}

/** How one ended; the first word on it counts. */
export async function endCanary(
  db: Db,
  id: string,
  end: { outcome: CanaryOutcome; code: string | undefined; at: Date },
): Promise<void> {
  await db.query`
    update canaries c set outcome = ${end.outcome}, code = ${end.code ?? null}, reported_at = ${end.at}
    where c.id = ${id}::uuid and c.outcome is null`;
}

/** Those of a provider that nobody has reported on in time. */
export async function endLateCanaries(db: Db, providerId: string, sentBefore: Date): Promise<void> {
  await db.query`
    update canaries c set outcome = 'late'
    where c.provider_id = ${providerId} and c.outcome is null and c.sent_at < ${sentBefore}`;
}

/** Of each provider: how many of its latest in a row did not arrive. */
export function countFailedCanaries(db: Db): Promise<{ providerId: string; failed: number }[]> {
  return db.query<{ providerId: string; failed: number }>`
    select p.id as provider_id, count(c.id) filter (where not c.has_arrived)::integer as failed
    from providers p cross join lateral (
      select l.id, bool_or(l.outcome = 'delivered') over (order by l.id desc) as has_arrived
      from (
        select k.id, k.outcome from canaries k where k.provider_id = p.id and k.outcome is not null
        order by k.id desc limit ${LATEST_MAX}
      ) l
    ) c group by p.id`;
}

/** The latest of each provider, newest first. */
export function listLatestCanaries(db: Db): Promise<Canary[]> {
  return db.query<Canary>`
    select c.id, c.provider_id, c.sent_at, c.outcome, c.code, c.reported_at
    from providers p cross join lateral (
      select k.* from canaries k where k.provider_id = p.id order by k.id desc limit ${LATEST_MAX}
    ) c order by c.id desc`;
}

export async function deletePastCanaries(db: Db, sentBefore: Date): Promise<number> {
  const rows = await db.query<{ id: string }>`delete from canaries c where c.sent_at < ${sentBefore} returning c.id`;
  return rows.length;
}
