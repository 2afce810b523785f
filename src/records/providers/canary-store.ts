/** Canaries: texts to an operator's own numbers that go through one provider and no other. */
import type { Database, Db } from "../../platform/db.ts";

export type CanaryOutcome = "delivered" | "failed" | "not-taken" | "late";

export interface Canary {
  id: string;
  providerId: string;
  sentAt: Date;
  outcome: CanaryOutcome | undefined;
  code: string | undefined;
  reportedAt: Date | undefined;
}

/** Asked every second by every process that sends: more than so many say nothing new. */
const LATEST_MAX = 5;

/**
 * A new one, unless the provider had one since a moment: of several processes that want to send it one may. Whoever waited for another's
 * looks afterwards, in a statement of its own, and then sees it.
 */
export function insertCanaryIfDue(
  db: Pick<Database, "transaction">,
  { id, providerId, sentAt }: { id: string; providerId: string; sentAt: Date },
  since: Date,
): Promise<boolean> {
  return db.transaction(async (tx) => {
    await tx.query`select p.id from providers p where p.id = ${providerId} for update`;
    const made = await tx.query<{ id: string }>`
      insert into canaries (id, provider_id, sent_at)
      select ${id}::uuid, p.id, ${sentAt} from providers p
      where p.id = ${providerId}
        and not exists (select from canaries c where c.provider_id = p.id and c.sent_at > ${since})
      returning id`;
    return made.length > 0;
  });
}

/** As if it had never been: it was not sent, and that says nothing about its provider. */
export async function deleteCanary(db: Db, id: string): Promise<void> {
  await db.query`delete from canaries c where c.id = ${id}::uuid`;
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

/** Of each of these providers: how many of its latest in a row, since a moment of its own, did not arrive. */
export async function countFailedCanaries(
  db: Db,
  providers: readonly { id: string; since: Date }[],
): Promise<{ providerId: string; failed: number }[]> {
  if (providers.length === 0) return [];
  return db.query<{ providerId: string; failed: number }>`
    select p.id as provider_id, count(c.id) filter (where not c.has_arrived)::integer as failed
    from unnest(${providers.map(({ id }) => id)}::uuid[], ${providers.map(({ since }) => since)}::timestamptz[]) as p (id, since)
    cross join lateral (
      select l.id, bool_or(l.outcome = 'delivered') over (order by l.id desc) as has_arrived
      from (
        select k.id, k.outcome from canaries k
        where k.provider_id = p.id and k.outcome is not null and k.sent_at > p.since
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
