/** Email brands as read a moment ago: the emails of a moment share one picture in memory, whichever services they are of. */
import type { Db } from "../../platform/db.ts";
import { createTimedCache } from "../../platform/timed-cache.ts";
import type { EmailBrand } from "./brand.ts";
import { findEmailBrand } from "./brand-store.ts";

/** A new logo counts on every process within two seconds. */
const BRAND_TTL_MS = 1_500;
/** Each up to 2 MB. */
const BRANDS_MAX = 50;

export interface EmailBrands {
  /** By its id. */
  find(id: string): Promise<EmailBrand | undefined>;
}

export function createEmailBrands(db: Db): EmailBrands {
  const cache = createTimedCache<string, EmailBrand | undefined>({
    ttlMs: BRAND_TTL_MS,
    maxEntries: BRANDS_MAX,
    load: (id) => findEmailBrand(db, id),
  });
  return { find: cache.get };
}
