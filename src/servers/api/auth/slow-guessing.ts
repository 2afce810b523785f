/**
 * Slows down whoever tries keys, without an effect on who has one: tokens that are good are answered at once, also from an address from
 * which others guess (an office, a gateway). Refused tokens of an address are answered at once so often a minute, then each after a
 * second; where too many wait already, at once and without a look at the token. Nobody finds 122 random bits by trying: what is spared is
 * the work of refusing, and what a log of refusals would fill with.
 *
 *     const checkToken = slowGuessing(tokenCheck({ findService }));
 */
import { setTimeout as sleep } from "node:timers/promises";
import { Refusal } from "../../../core/refusal.ts";
import { networkOfHost } from "../../../platform/http/networks.ts";
import { type AuthService, type CheckToken, KeyRefusal } from "./check-token.ts";

interface GuessingLimits {
  /** Refusals within the time that are answered at once, from one address (of IPv6: one /64). */
  freeMax: number;
  windowMs: number;
  pauseMs: number;
  /** Refusals that wait at one time, of all addresses: each is an open request. */
  waitingMax: number;
  /** Addresses that are remembered. */
  addressesMax: number;
}

const LIMITS: GuessingLimits = {
  freeMax: 100,
  windowMs: 60_000,
  pauseMs: 1_000,
  waitingMax: 200,
  addressesMax: 10_000,
};
const TOO_MANY = "Too many requests with a wrong key from this address: wait a while";

/** Each process counts for itself: so many times more where several take requests. */
export function slowGuessing<Service extends AuthService>(
  checkToken: CheckToken<Service>,
  limits: GuessingLimits = LIMITS,
): CheckToken<Service> {
  const refused = new RefusedAddresses(limits);
  let waiting = 0;
  return async (authorization, now, from) => {
    const isGuessing = from !== undefined && refused.isOverLimit(from, now);
    if (isGuessing && waiting >= limits.waitingMax) throw tooMany(limits);
    try {
      return await checkToken(authorization, now, from);
    } catch (error) {
      if (from === undefined || !isGuess(error)) throw error;
      refused.count(from, now);
      if (!isGuessing) throw error;
      waiting += 1;
      await sleep(limits.pauseMs).finally(() => {
        waiting -= 1;
      });
      throw error;
    }
  };
}

/** A request without a token guesses nothing, and one that shows a key of the service's has no need to. */
function isGuess(error: unknown): boolean {
  return error instanceof Refusal && error.kind === "not-authorised" && !(error instanceof KeyRefusal);
}

function tooMany({ windowMs }: GuessingLimits): Refusal {
  return new Refusal("rate-limited", TOO_MANY, { retryAfterSeconds: Math.ceil(windowMs / 1_000) });
}

class RefusedAddresses {
  readonly #limits: GuessingLimits;
  readonly #byAddress = new Map<string, { count: number; endsAtMs: number }>();

  constructor(limits: GuessingLimits) {
    this.#limits = limits;
  }

  /** Where nobody guesses, no address is even read: this is asked of every request. */
  isOverLimit(from: string, now: Date): boolean {
    if (this.#byAddress.size === 0) return false;
    const found = this.#byAddress.get(networkOfHost(from));
    return found !== undefined && found.endsAtMs > now.getTime() && found.count >= this.#limits.freeMax;
  }

  count(from: string, now: Date): void {
    const network = networkOfHost(from);
    const found = this.#byAddress.get(network);
    if (found && found.endsAtMs > now.getTime()) {
      found.count += 1;
      return;
    }
    this.#byAddress.delete(network);
    if (this.#byAddress.size >= this.#limits.addressesMax) this.#forgetOldest();
    this.#byAddress.set(network, { count: 1, endsAtMs: now.getTime() + this.#limits.windowMs });
  }

  #forgetOldest(): void {
    const [oldest] = this.#byAddress.keys();
    if (oldest !== undefined) this.#byAddress.delete(oldest);
  }
}
