/** Slows down who guesses: so many tries in a time for an address of the network, and for an account. */
import { Refusal } from "../../core/refusal.ts";
import { countTry } from "../../records/throttles/throttle-store.ts";
import type { People } from "./people.ts";
import { throttleKey } from "./secrets.ts";

const MINUTE_SECONDS = 60;
const HOUR_SECONDS = 60 * MINUTE_SECONDS;

/** An office behind one address signs in together in the morning; nobody signs in to one account as often as a program tries to. */
const RULES = {
  "sign-in-address": { triesMax: 100, windowSeconds: 15 * MINUTE_SECONDS },
  "sign-in-account": { triesMax: 30, windowSeconds: 15 * MINUTE_SECONDS },
  "second-factor": { triesMax: 30, windowSeconds: 15 * MINUTE_SECONDS },
  "registration-address": { triesMax: 20, windowSeconds: HOUR_SECONDS },
  "registration-account": { triesMax: 5, windowSeconds: HOUR_SECONDS },
  "registration-proof": { triesMax: 10, windowSeconds: HOUR_SECONDS },
  "forgotten-address": { triesMax: 20, windowSeconds: HOUR_SECONDS },
  "forgotten-account": { triesMax: 5, windowSeconds: HOUR_SECONDS },
  "link-account": { triesMax: 5, windowSeconds: 30 * MINUTE_SECONDS },
  "password-check": { triesMax: 10, windowSeconds: 15 * MINUTE_SECONDS },
  "sender-proof": { triesMax: 3, windowSeconds: HOUR_SECONDS },
  "reply-to": { triesMax: 20, windowSeconds: HOUR_SECONDS },
  invitation: { triesMax: 100, windowSeconds: HOUR_SECONDS },
} as const satisfies Record<string, { triesMax: number; windowSeconds: number }>;

export type Throttled = keyof typeof RULES;

/** Counts a try; false when it is one too many. For where the answer must not tell. */
export async function isWithinThrottle(people: People, what: Throttled, who: string): Promise<boolean> {
  return (await count(people, what, who)) === undefined;
}

/** Counts a try, and refuses one too many. */
export async function refuseIfThrottled(people: People, what: Throttled, who: string): Promise<void> {
  const retryAfterSeconds = await count(people, what, who);
  if (retryAfterSeconds === undefined) return;
  throw new Refusal("rate-limited", "Too many tries in a short time: wait a while", { retryAfterSeconds });
}

function count({ db, keys, clock }: People, what: Throttled, who: string): Promise<number | undefined> {
  return countTry(db, { key: throttleKey(keys, what, who), ...RULES[what], now: clock.now() });
}
