/** Services as read a moment ago, so that a request need not ask the database who is calling. */
import type { Db } from "../../platform/db.ts";
import { createTimedCache } from "../../platform/timed-cache.ts";
import type { Service } from "./service.ts";
import { findService, type OpeningKeys } from "./service-store.ts";

/** A revoked key, a changed limit or a removed guest counts on every process within two seconds. */
const SERVICE_TTL_MS = 1_500;
const SERVICES_MAX = 10_000;

export interface Services {
  find(id: string): Promise<Service | undefined>;
  /** For the process that has just changed it. */
  forget(id: string): void;
}

export function createServices(db: Db, keys: OpeningKeys): Services {
  const cache = createTimedCache<string, Service | undefined>({
    ttlMs: SERVICE_TTL_MS,
    maxEntries: SERVICES_MAX,
    load: (id) => findService(db, keys, id),
  });
  return { find: cache.get, forget: cache.forget };
}
