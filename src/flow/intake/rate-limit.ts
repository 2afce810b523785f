/**
 * The rate limit: a token bucket for each service and key kind, kept in the database and leased to processes in small portions, so
 * that most checks ask nobody. Exact with one process; several share one bucket. A refusal costs no token, and none is asked for
 * again before one can have come back.
 */

import { Refusal } from "../../core/refusal.ts";
import type { Clock } from "../../platform/clock.ts";
import type { Db } from "../../platform/db.ts";
import { leaseTokens } from "../../records/limits/rate-bucket-store.ts";
import type { KeyKind, Service } from "../../records/services/service.ts";

const CAPACITY_MAX = 1_000;
const PORTION_FIRST = 8;
/** At most this share of a full bucket is held by one process. */
const PORTION_SHARE = 0.25;
/** A portion that lasted less than this was too small. */
const PORTION_SHOULD_LAST_MS = 100;
/** Shorter than the database keeps a lease for a process that says nothing. */
const PORTION_VALID_MS = 8_000;
const REFUSE_AT_LEAST_MS = 5;
const REFUSE_AT_MOST_MS = 1_000;
const SECONDS_PER_MINUTE = 60;
const BUCKETS_MAX = 20_000;

interface Bucket {
  available: number;
  spent: number;
  portion: number;
  leasedAtMs: number;
  refuseUntilMs: number;
  leasing: Promise<void> | undefined;
}

export interface RateLimit {
  /** Takes one token, or refuses with `rate-limited`. */
  take(service: Pick<Service, "id" | "rateLimitPerMinute">, keyKind: KeyKind): Promise<void>;
}

export function createRateLimit(db: Db, clock: Clock): RateLimit {
  const buckets = new Map<string, Bucket>();
  return {
    async take(service, keyKind) {
      const bucket = bucketOf(buckets, `${service.id} ${keyKind}`);
      const now = clock.now().getTime();
      if (now - bucket.leasedAtMs > PORTION_VALID_MS) bucket.available = 0;
      // Those who waited for one portion may find it gone, and ask for the next.
      while (bucket.available < 1 && now >= bucket.refuseUntilMs) {
        bucket.leasing ??= lease({ db, bucket, service, keyKind, now }).finally(() => {
          bucket.leasing = undefined;
        });
        await bucket.leasing;
      }
      if (bucket.available < 1) throw tooMany(service.rateLimitPerMinute, keyKind);
      bucket.available -= 1;
      bucket.spent += 1;
    },
  };
}

interface LeaseRequest {
  db: Db;
  bucket: Bucket;
  service: Pick<Service, "id" | "rateLimitPerMinute">;
  keyKind: KeyKind;
  now: number;
}

async function lease({ db, bucket, service, keyKind, now }: LeaseRequest): Promise<void> {
  const capacity = usableCapacity(service.rateLimitPerMinute);
  const refillPerSecond = service.rateLimitPerMinute / SECONDS_PER_MINUTE;
  bucket.portion = nextPortion(bucket, capacity, now - bucket.leasedAtMs);
  const { spent } = bucket;
  const wanted = Math.max(1, bucket.portion);
  const { granted, left } = await leaseTokens(db, {
    serviceId: service.id,
    keyKind,
    capacity,
    refillPerSecond,
    spent,
    wanted,
  });
  bucket.spent -= spent;
  bucket.available += granted;
  bucket.leasedAtMs = now;
  if (granted === 0) bucket.refuseUntilMs = now + timeToNextToken(left, refillPerSecond);
}

/** Notify's bucket never gives its last token, so one of capacity + 1 is a full bucket of capacity. */
function usableCapacity(rateLimitPerMinute: number): number {
  return Math.min(Math.ceil(rateLimitPerMinute / 3) + 1, CAPACITY_MAX) - 1;
}

function nextPortion(bucket: Bucket, capacity: number, lastedMs: number): number {
  const wished = lastedMs < PORTION_SHOULD_LAST_MS ? bucket.portion * 2 : PORTION_FIRST;
  return Math.min(wished, Math.floor(capacity * PORTION_SHARE));
}

function timeToNextToken(left: number, refillPerSecond: number): number {
  const missing = 1 - Math.max(0, left - Math.floor(left));
  const ms = (missing / Math.max(refillPerSecond, Number.EPSILON)) * 1_000;
  return Math.min(Math.max(ms, REFUSE_AT_LEAST_MS), REFUSE_AT_MOST_MS);
}

function bucketOf(buckets: Map<string, Bucket>, key: string): Bucket {
  const known = buckets.get(key);
  if (known) return known;
  if (buckets.size >= BUCKETS_MAX) buckets.clear(); // What was leased comes back when its lease ends.
  const bucket: Bucket = {
    available: 0,
    spent: 0,
    portion: PORTION_FIRST,
    leasedAtMs: 0,
    refuseUntilMs: 0,
    leasing: undefined,
  };
  buckets.set(key, bucket);
  return bucket;
}

function tooMany(rateLimitPerMinute: number, keyKind: KeyKind): Refusal {
  const limit = `${rateLimitPerMinute} requests per ${SECONDS_PER_MINUTE} seconds`;
  return new Refusal("rate-limited", `Exceeded rate limit for key type ${keyKind.toUpperCase()} of ${limit}`);
}
