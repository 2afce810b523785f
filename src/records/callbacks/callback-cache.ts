/** Callbacks by id, those no longer in use included: a row never changes, so what was read stays true. */
import type { Db } from "../../platform/db.ts";
import { createTimedCache } from "../../platform/timed-cache.ts";
import type { Callback, Service } from "../services/service.ts";
import type { Services } from "../services/service-cache.ts";
import { CALLBACK_COLUMNS, type CallbackRow, openCallbackRow } from "./callback-store.ts";

/** As long as the retries of a callback take. */
const REPLACED_TTL_MS = 30 * 60_000;
const REPLACED_MAX = 1_000;

export interface Callbacks {
  /** One of a service's callbacks, whether in use or replaced since. */
  find(service: Service, id: string): Promise<Callback | undefined>;
}

export function createCallbacks(db: Db, services: Services): Callbacks {
  const replaced = createTimedCache<string, Callback | undefined>({
    ttlMs: REPLACED_TTL_MS,
    maxEntries: REPLACED_MAX,
    load: async (key) => {
      const [serviceId = "", id = ""] = key.split(" ");
      const service = await services.find(serviceId);
      return service && findCallback(db, service, id);
    },
  });
  return {
    find: async (service, id) =>
      service.callbacks.find((callback) => callback.id === id) ?? (await replaced.get(`${service.id} ${id}`)),
  };
}

async function findCallback(db: Db, { id: serviceId, dataKey }: Service, id: string): Promise<Callback | undefined> {
  const [row] = await db.query<CallbackRow>`
    select ${CALLBACK_COLUMNS} from callbacks c where c.id = ${id} and c.service_id = ${serviceId}`;
  return row && openCallbackRow(dataKey, row);
}
