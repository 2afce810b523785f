/** Email brands as read a moment ago: the emails of a moment share one picture in memory. */
import type { Db } from "../../platform/db.ts";
import { createTimedCache } from "../../platform/timed-cache.ts";
import { type EmailBrand, findEmailBrand } from "./email-brand-store.ts";

/** A new logo counts on every process within two seconds. */
const BRAND_TTL_MS = 1_500;
/** Each up to 2 MB. */
const BRANDS_MAX = 50;

export interface EmailBrands {
  /** Of a service, by its id. */
  find(serviceId: string): Promise<EmailBrand | undefined>;
}

export function createEmailBrands(db: Db): EmailBrands {
  const cache = createTimedCache<string, EmailBrand | undefined>({
    ttlMs: BRAND_TTL_MS,
    maxEntries: BRANDS_MAX,
    load: (serviceId) => findEmailBrand(db, serviceId),
  });
  return { find: cache.get };
}
