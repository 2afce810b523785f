/** When texts went to a number, of the last hour: exact, and one row for each number and text. Written only for services with a limit. */
import type { Db, Tx } from "../../platform/db.ts";

/** The constraint that refuses a transaction which would pass a limit (SQLSTATE 23514). */
const REPEAT_LIMIT_CONSTRAINT = "within_repeat_limit";
const COUNTS_MS = 3_600_000;

/** Whatever the words are. */
const ANY_WORDS = Buffer.alloc(0);

/** One text to a number, and how many of its kind there may be within an hour. */
export interface Repeat {
  serviceId: string;
  recipientIndex: Buffer;
  /** Of the words; undefined for whatever they are. */
  contentIndex: Buffer | undefined;
  /** More than none. */
  ceiling: number;
  sentAt: Date;
}

/**
 * Counts what the transaction sends. The database holds the limits: the statement fails on `within_repeat_limit` when there would be more
 * in an hour than there may be. Rows are taken in one order, so that two flights never wait for each other in a circle.
 */
export async function countRepeats(tx: Tx, repeats: readonly Repeat[]): Promise<void> {
  if (repeats.length === 0) return;
  const counted = summed(repeats);
  await tx.query`
    insert into repeats as r (service_id, recipient_index, content_index, sent_at, latest_at, ceiling)
    select c.service_id, c.recipient_index, c.content_index, array_fill(c.sent_at, array[c.added]), c.sent_at, c.ceiling
    from unnest(
      ${counted.map((c) => c.serviceId)}::uuid[], ${counted.map((c) => c.recipientIndex)}::bytea[],
      ${counted.map((c) => c.contentIndex ?? ANY_WORDS)}::bytea[], ${counted.map((c) => c.sentAt)}::timestamptz[],
      ${counted.map((c) => c.added)}::integer[], ${counted.map((c) => c.ceiling)}::smallint[]
    ) as c (service_id, recipient_index, content_index, sent_at, added, ceiling)
    on conflict (service_id, recipient_index, content_index) do update set
      sent_at = array(
        select t from unnest(r.sent_at) as t where t > excluded.latest_at - make_interval(secs => ${COUNTS_MS / 1_000})
      ) || excluded.sent_at,
      latest_at = excluded.latest_at,
      ceiling = excluded.ceiling`;
}

/** Which of these there are already as many of as there may be. */
export async function findReached(db: Db, repeats: readonly Repeat[]): Promise<Repeat | undefined> {
  const reached = await db.query<{ at: number }>`
    select c.at::integer as at
    from unnest(
      ${repeats.map((c) => c.serviceId)}::uuid[], ${repeats.map((c) => c.recipientIndex)}::bytea[],
      ${repeats.map((c) => c.contentIndex ?? ANY_WORDS)}::bytea[], ${repeats.map((c) => c.sentAt)}::timestamptz[],
      ${repeats.map((c) => c.ceiling)}::smallint[]
    ) with ordinality as c (service_id, recipient_index, content_index, sent_at, ceiling, at)
    join repeats r using (service_id, recipient_index, content_index)
    where c.ceiling <= (
      select count(*) from unnest(r.sent_at) as t where t > c.sent_at - make_interval(secs => ${COUNTS_MS / 1_000})
    )
    order by c.at limit 1`;
  return reached[0] && repeats[reached[0].at - 1];
}

/** Which of a transaction's repeats passed its limit, if that is what `error` says. The database names the row that did not fit. */
export function overRepeatLimit(error: unknown, repeats: readonly Repeat[]): Repeat | undefined {
  const { code, constraint, detail = "" } = error as { code?: string; constraint?: string; detail?: string };
  if (code !== "23514" || constraint !== REPEAT_LIMIT_CONSTRAINT) return undefined;
  return repeats.find(({ serviceId, recipientIndex, contentIndex = ANY_WORDS }) =>
    detail.includes(`(${serviceId}, \\x${recipientIndex.toString("hex")}, \\x${contentIndex.toString("hex")}, `),
  );
}

export async function deletePastRepeats(db: Db, { before, limit }: { before: Date; limit: number }): Promise<number> {
  const deleted = await db.query<{ serviceId: string }>`
    delete from repeats r where r.ctid = any(array(select o.ctid from repeats o where o.latest_at < ${before} limit ${limit}))
    returning r.service_id`;
  return deleted.length;
}

function summed(repeats: readonly Repeat[]): (Repeat & { added: number })[] {
  const sums = new Map<string, Repeat & { added: number }>();
  for (const repeat of repeats) {
    const key = keyOf(repeat);
    sums.set(key, { ...repeat, added: 1 + (sums.get(key)?.added ?? 0) });
  }
  return [...sums.entries()].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, sum]) => sum);
}

function keyOf({ serviceId, recipientIndex, contentIndex }: Repeat): string {
  return `${serviceId} ${recipientIndex.toString("hex")} ${contentIndex?.toString("hex") ?? ""}`;
}
