/** Who signs in at a door with a name and a password, where a token would be too much to ask: a service, with one of its API keys. */
import { isInNetworks } from "../../platform/http/networks.ts";
import type { ApiKey, Service } from "../../records/services/service.ts";
import type { App } from "../app.ts";
import { isSecretOf, plainKeyByPassword } from "./plain-key.ts";

export interface KeyHolder {
  service: Service;
  key: ApiKey;
}

export interface SignIn {
  username: string;
  password: string;
  /** Where it comes from. */
  address: string;
}

type Door = Pick<App, "services" | "clock">;

/** Undefined: it is not let in, for whatever reason. A secret is too long to be guessed, so that nobody has to be slowed down. */
export async function findKeyHolder(
  door: Door,
  { username, password, address }: SignIn,
): Promise<KeyHolder | undefined> {
  const plain = plainKeyByPassword(username, password);
  const isMeant = ({ secret }: ApiKey) => plain !== undefined && isSecretOf(secret, plain.secret);
  return plain && findHolder(door, { serviceId: plain.serviceId, address, isMeant });
}

/** The same holder a moment later, if the key is still good. */
export function findKeyHolderAgain(
  door: Door,
  { serviceId, keyId, address }: { serviceId: string; keyId: string; address: string },
): Promise<KeyHolder | undefined> {
  return findHolder(door, { serviceId, address, isMeant: ({ id }) => id === keyId });
}

async function findHolder(
  { services, clock }: Door,
  { serviceId, address, isMeant }: { serviceId: string; address: string; isMeant: (key: ApiKey) => boolean },
): Promise<KeyHolder | undefined> {
  const service = await services.find(serviceId);
  if (!service || service.archivedAt !== undefined) return undefined;
  const key = service.keys.find((candidate) => candidate.revokedAt === undefined && isMeant(candidate));
  return key && isUsable(key, { now: clock.now(), address }) ? { service, key } : undefined;
}

function isUsable(
  { expiresAt, allowedNetworks = [] }: ApiKey,
  { now, address }: { now: Date; address: string },
): boolean {
  const isInTime = expiresAt === undefined || expiresAt > now;
  return isInTime && (allowedNetworks.length === 0 || isInNetworks(address, allowedNetworks));
}
