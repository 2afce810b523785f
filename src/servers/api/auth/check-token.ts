/**
 * Who is asking? Decides it from the Authorization header, in the order of checks of Notify's API, so that its clients see the refusal
 * they know.
 *
 *     const checkToken = tokenCheck({ findService });
 *     const { service, key } = await checkToken(request.headers.authorization, clock.now());
 */
import type { KeyObject } from "node:crypto";
import { Refusal } from "../../../core/refusal.ts";
import { isSecretOf, type PlainKey, parsePlainKey } from "../../../flow/keys/plain-key.ts";
import { isInNetworks } from "../../../platform/http/networks.ts";
import { parseUuid } from "../schema/uuid.ts";
import { type Seen, SeenTokens } from "./seen-tokens.ts";
import { hasUsableHeader, isInTime, isSignedWith, judgeClaims, readToken, type Token, wholeSeconds } from "./token.ts";

export interface AuthKey {
  id: string;
  secret: KeyObject;
  revokedAt: Date | undefined;
  expiresAt?: Date | undefined;
  /** Networks it may be used from; none named: from anywhere. */
  allowedNetworks?: readonly string[];
}

export interface AuthService {
  id: string;
  archivedAt: Date | undefined;
  /** Revoked ones too, for as long as they should be told apart from unknown ones. */
  keys: readonly AuthKey[];
}

interface Authenticated<Service extends AuthService> {
  service: Service;
  key: Service["keys"][number];
}

export type CheckToken<Service extends AuthService> = (
  authorization: string | undefined,
  now: Date,
  /** The address the request comes from. */
  from?: string,
) => Promise<Authenticated<Service>>;

/** Refuses a request that shows a key of the service's: unlike one with any other key, it is that service's own business. */
export class KeyRefusal extends Refusal {
  readonly serviceId: string;
  readonly keyId: string;

  constructor(message: string, { service, key }: { service: { id: string }; key: { id: string } }) {
    super("not-authorised", message);
    this.serviceId = service.id;
    this.keyId = key.id;
  }
}

const SCHEME = "bearer ";
const ALGORITHM = "HS256";
const REVOKED_KEYS_REMEMBERED_MS = 7 * 24 * 60 * 60 * 1000;

const GENERAL =
  "Invalid token: make sure your API token matches the example at " +
  "https://docs.notifications.service.gov.uk/rest-api.html#authorisation-header";
const WRONG_TIME = "Error: Your system clock must be accurate to within 30 seconds";
const REVOKED = "Invalid token: API key revoked";
const EXPIRED = "Invalid token: API key expired";
const WRONG_PLACE = "Invalid token: API key cannot be used from this address";

/**
 * Makes the check. `findService` is asked at every request and may answer from a cache of seconds. A token that was good before is
 * not verified again while it is in time, but its service and key are looked at each time, so archiving and revoking take effect.
 */
export function tokenCheck<Service extends AuthService>(options: {
  findService: (id: string) => Promise<Service | undefined>;
}): CheckToken<Service> {
  const seenTokens = new SeenTokens();
  return async (authorization, now, from) => {
    const text = bearerToken(authorization);
    const seen = seenTokens.find(text);
    const recognised = seen && recognise(await options.findService(seen.serviceId), { seen, now });
    if (recognised) return withinTerms(recognised, { now, from });
    const plain = parsePlainKey(text);
    if (plain)
      return withinTerms(checkPlainKey(await options.findService(plain.serviceId), { plain, now }), { now, from });
    const token = parseToken(text);
    const service = getUsableService(await options.findService(serviceIdOf(token)), now);
    const key = getKey(service, { token, now });
    rememberToken(seenTokens, { text, token, serviceId: service.id, keyId: key.id });
    return withinTerms({ service, key }, { now, from });
  };
}

/** A key may have a last day, and places it is used from. */
function withinTerms<Service extends AuthService>(
  authenticated: Authenticated<Service>,
  { now, from }: { now: Date; from: string | undefined },
): Authenticated<Service> {
  const { expiresAt, allowedNetworks } = authenticated.key;
  if (expiresAt !== undefined && expiresAt <= now) throw new KeyRefusal(EXPIRED, authenticated);
  const isPlaced = allowedNetworks === undefined || allowedNetworks.length === 0;
  if (isPlaced || (from !== undefined && isInNetworks(from, allowedNetworks))) return authenticated;
  throw new KeyRefusal(WRONG_PLACE, authenticated);
}

function bearerToken(authorization: string | undefined): string {
  if (!authorization) throw new Refusal("unauthenticated", "Unauthorized: authentication token must be provided");
  if (authorization.slice(0, SCHEME.length).toLowerCase() !== SCHEME) {
    throw new Refusal("unauthenticated", "Unauthorized: authentication bearer scheme must be used");
  }
  return authorization.slice(SCHEME.length);
}

function recognise<Service extends AuthService>(
  service: Service | undefined,
  { seen, now }: { seen: Seen; now: Date },
): Authenticated<Service> | undefined {
  if (service === undefined || service.archivedAt !== undefined || !isInTime(seen.issuedAtSeconds, now))
    return undefined;
  const key = service.keys.find(({ id }) => id === seen.keyId);
  return key === undefined || key.revokedAt !== undefined ? undefined : { service, key };
}

function checkPlainKey<Service extends AuthService>(
  found: Service | undefined,
  { plain, now }: { plain: PlainKey; now: Date },
): Authenticated<Service> {
  const service = getUsableService(found, now);
  const key = service.keys.find(
    (candidate) => isRemembered(candidate, now) && isSecretOf(candidate.secret, plain.secret),
  );
  if (key === undefined) throw notAuthorised("Invalid token: API key not found");
  if (key.revokedAt !== undefined) throw new KeyRefusal(REVOKED, { service, key });
  return { service, key };
}

function parseToken(text: string): Token {
  const token = readToken(text);
  if (token === undefined || !hasUsableHeader(token)) throw notAuthorised(GENERAL);
  return token;
}

function serviceIdOf({ claims }: Token): string {
  const issuer = claims["iss"];
  if (issuer === undefined) throw notAuthorised("Invalid token: iss field not provided");
  const id = typeof issuer === "string" ? parseUuid(issuer) : undefined;
  if (id === undefined) throw notAuthorised("Invalid token: service id is not the right data type");
  return id;
}

function getUsableService<Service extends AuthService>(service: Service | undefined, now: Date): Service {
  if (service === undefined) throw notAuthorised("Invalid token: service not found");
  if (!service.keys.some((key) => isRemembered(key, now)))
    throw notAuthorised("Invalid token: service has no API keys");
  if (service.archivedAt !== undefined) throw notAuthorised("Invalid token: service is archived");
  return service;
}

function isRemembered({ revokedAt }: AuthKey, now: Date): boolean {
  return revokedAt === undefined || now.getTime() - revokedAt.getTime() <= REVOKED_KEYS_REMEMBERED_MS;
}

function getKey<Service extends AuthService>(
  service: Service,
  { token, now }: { token: Token; now: Date },
): Service["keys"][number] {
  if (token.header["alg"] !== ALGORITHM) throw notAuthorised("Invalid token: algorithm used is not HS256");
  const verdict = judgeClaims(token.claims, now);
  const key = service.keys.find((candidate) => isRemembered(candidate, now) && isSignedWith(candidate.secret, token));
  if (key === undefined || verdict === "unreadable") throw notAuthorised("Invalid token: API key not found");
  if (verdict === "wrong-time") throw new KeyRefusal(WRONG_TIME, { service, key });
  if (verdict === "bad-claim") throw new KeyRefusal(GENERAL, { service, key });
  if (key.revokedAt !== undefined) throw new KeyRefusal(REVOKED, { service, key });
  return key;
}

/** A token that ends by itself is verified every time: only the window of `iat` is looked at again. */
function rememberToken(
  seenTokens: SeenTokens,
  { text, token, serviceId, keyId }: { text: string; token: Token; serviceId: string; keyId: string },
): void {
  const issuedAtSeconds = wholeSeconds(token.claims["iat"]);
  if (issuedAtSeconds === undefined || token.claims["exp"] !== undefined) return;
  seenTokens.remember(text, { serviceId, keyId, issuedAtSeconds });
}

function notAuthorised(message: string): Refusal {
  return new Refusal("not-authorised", message);
}
