/**
 * Calls out over HTTP to places other people chose, without letting them choose our own machines. What can go wrong is a value;
 * nothing here rejects. Connections are kept alive, one pool per destination; redirects are never followed.
 *
 *     const outbound = createOutbound({ allowedNetworks: ["10.20.0.0/16"] });
 *     const answer = await outbound.post(url, body, { headers, timeoutMs: 5_000, maxBytes: 64 * 1024 });
 *     if (answer.kind === "answered" && answer.status < 300) …
 */
import { addressGuard, literalAddress } from "./http/address-guard.ts";
import { Destinations } from "./http/destinations.ts";
import { type Answer, Exchange } from "./http/exchange.ts";
import { type ConnectOptions, guardedConnect, refusalOf } from "./http/guarded-connect.ts";

const DESTINATIONS_MAX = 1_024;
const CONNECTIONS_PER_DESTINATION = 32;
const URL_MAX_CHARACTERS = 2_048;
const LOOPBACK = ["127.0.0.0/8", "::1/128"];

export type { Answer } from "./http/exchange.ts";

export interface OutboundOptions extends ConnectOptions {
  /** Networks (CIDRs) that may be called although they are not public, and with HTTP as well as HTTPS. */
  allowedNetworks: readonly string[];
  /** Places on this machine that are ours and may be called: exact origins, such as `http://127.0.0.1:6083`. */
  ownOrigins?: readonly string[];
  connectionsPerDestination?: number;
}

export interface PostOptions {
  headers: Record<string, string>;
  /** From the call to the last byte of the answer, waiting for a free connection included. */
  timeoutMs: number;
  /** How much of the answer's body is read. */
  maxBytes: number;
}

export interface RequestOptions extends PostOptions {
  method: "GET" | "POST" | "PUT" | "DELETE";
  body?: string | Uint8Array;
}

export interface Outbound {
  /** More requests than this to one destination only wait for each other, and the wait counts against their time. */
  readonly connectionsPerDestination: number;
  post(url: string, body: string | Uint8Array, options: PostOptions): Promise<Answer>;
  request(url: string, options: RequestOptions): Promise<Answer>;
  /** Waits for what is under way, then closes every connection. */
  close(): Promise<void>;
}

/** Throws when an allowed network is not written as a CIDR. */
export function createOutbound(options: OutboundOptions): Outbound {
  const guard = addressGuard(options.allowedNetworks);
  const connectionsPerDestination = options.connectionsPerDestination ?? CONNECTIONS_PER_DESTINATION;
  const limits = { destinations: DESTINATIONS_MAX, connectionsPerDestination };
  const destinations = new Destinations(guardedConnect(guard, options), limits);
  const ownOrigins = new Set(options.ownOrigins);
  const ownDestinations = new Destinations(guardedConnect(addressGuard(LOOPBACK), options), limits);
  const request = (url: string, how: RequestOptions): Promise<Answer> => {
    const target = parseTarget(url);
    if (typeof target === "string") return Promise.resolve({ kind: "refused-address", reason: target });
    return new Promise((resolve) => {
      const { method, headers, body = null } = how;
      const path = target.pathname + target.search;
      const pools = ownOrigins.has(target.origin) ? ownDestinations : destinations;
      pools.of(target.origin).dispatch({ path, method, headers, body }, new Exchange(how, resolve));
    });
  };
  return {
    connectionsPerDestination,
    request,
    post: (url, body, how) => request(url, { ...how, method: "POST", body }),
    close: async () => {
      await Promise.all([destinations.close(), ownDestinations.close()]);
    },
  };
}

/**
 * What is wrong with a URL somebody wants us to call, in words for a form; undefined when it will do. Names are not looked up
 * here: where they lead is checked at each call.
 */
export function checkCallbackUrl(url: string, allowedNetworks: readonly string[]): string | undefined {
  if (url.length > URL_MAX_CHARACTERS) return `The URL must be ${URL_MAX_CHARACTERS} characters or fewer`;
  const target = parseTarget(url);
  if (typeof target === "string") return `The URL cannot be used: ${target}`;
  const literal = literalAddress(target.hostname);
  if (literal !== undefined) {
    const refusal = refusalOf(addressGuard(allowedNetworks), literal, target.protocol);
    return refusal === undefined ? undefined : `The URL cannot be used: it leads to ${refusal}`;
  }
  const isPlain = target.protocol === "http:";
  return isPlain && allowedNetworks.length === 0 ? "The URL must start with https://" : undefined;
}

/** The parsed URL, or what is wrong with it. */
function parseTarget(url: string): URL | string {
  const target = toUrl(url);
  if (target === undefined) return "it is not a complete address";
  if (target.protocol !== "https:" && target.protocol !== "http:") return "it must start with https://";
  if (target.username !== "" || target.password !== "") return "it must not hold a user name or password";
  return target;
}

function toUrl(text: string): URL | undefined {
  try {
    return new URL(text);
  } catch {
    return undefined;
  }
}
