/** The token buckets of the rate limit, from which processes lease tokens. */
import type { Db } from "../../platform/db.ts";
import type { KeyKind } from "../services/service.ts";

/** A process that has not been heard of for this long has its lease forgotten. */
const LEASE_SECONDS = 10;

export interface BucketLease {
  serviceId: string;
  keyKind: KeyKind;
  /** Most tokens the bucket holds, and how many come back each second. */
  capacity: number;
  refillPerSecond: number;
  /** Tokens spent since this process last asked, and how many it would like now. */
  spent: number;
  wanted: number;
}

/**
 * Grants up to `wanted` tokens. What processes hold unspent still counts against the capacity, so the total granted is that of one
 * bucket however many processes share it. Answers how many were granted, and how many (with fraction) are left.
 */
export async function leaseTokens(db: Db, lease: BucketLease): Promise<{ granted: number; left: number }> {
  const known = await takeFromBucket(db, lease);
  if (known) return known;
  await db.query`
    insert into rate_buckets (service_id, key_kind, tokens, refilled_at)
    values (${lease.serviceId}, ${lease.keyKind}, ${lease.capacity}, clock_timestamp()) on conflict do nothing`;
  return (await takeFromBucket(db, lease)) ?? { granted: 0, left: 0 };
}

/** One update, reckoned from the row it locks, so that two processes never grant the same token. */
async function takeFromBucket(db: Db, lease: BucketLease): Promise<{ granted: number; left: number } | undefined> {
  const { serviceId, keyKind, capacity, refillPerSecond, spent, wanted } = lease;
  const [row] = await db.query<{ granted: number; left: number }>`
    update rate_buckets b
    set (tokens, leased, granted, lease_ends_at, refilled_at) = (
      select r.tokens - g.granted, r.leased + g.granted, g.granted,
        clock_timestamp() + ${LEASE_SECONDS}::integer * interval '1 second', clock_timestamp()
      from (select case when b.lease_ends_at > clock_timestamp() then greatest(b.leased - ${spent}::integer, 0) else 0 end as leased) as held
      cross join lateral (
        select held.leased, least(
          ${capacity}::double precision - held.leased,
          b.tokens + ${refillPerSecond}::double precision * extract(epoch from clock_timestamp() - b.refilled_at)) as tokens
      ) as r
      cross join lateral (select greatest(least(${wanted}::integer, floor(r.tokens)::integer), 0) as granted) as g)
    where b.service_id = ${serviceId} and b.key_kind = ${keyKind}
    returning b.granted, b.tokens as left`;
  return row;
}
