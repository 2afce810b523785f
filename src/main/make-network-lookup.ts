/** Whom this installation asks about numbers: as it was set up a moment ago. */
import type { App } from "../flow/app.ts";
import type { Outbound } from "../platform/http.ts";
import { errorFields } from "../platform/log.ts";
import { createTimedCache } from "../platform/timed-cache.ts";
import { checkLookupSupplier } from "../providers/http/lookups/check-lookup-supplier.ts";
import { httpLookup } from "../providers/http/lookups/http-lookup.ts";
import { LOOKUP_PRESETS, type LookupSupplier, SANDBOX_PRESET } from "../providers/http/lookups/lookup-supplier.ts";
import type { LookupKinds, NetworkLookup } from "../providers/provider.ts";
import { type LookupSupplierRecord, listLookupSuppliers } from "../records/number-lookups/lookup-supplier-store.ts";

const SUPPLIER_TTL_MS = 2_000;

/** The first that is switched on and can be used; undefined when there is none. */
export function networkLookupOf(
  app: Pick<App, "db" | "keys" | "log">,
  outbound: Outbound,
): () => Promise<NetworkLookup | undefined> {
  const cache = createTimedCache<"first", NetworkLookup | undefined>({
    ttlMs: SUPPLIER_TTL_MS,
    maxEntries: 1,
    load: async () => {
      const records = await listLookupSuppliers(app.db, app.keys.master);
      const first = records.find(({ isActive }) => isActive);
      return first && make(app, outbound, first);
    },
  });
  return () => cache.get("first");
}

function make({ log }: Pick<App, "log">, outbound: Outbound, record: LookupSupplierRecord): NetworkLookup | undefined {
  try {
    return makeNetworkLookup(outbound, record);
  } catch (error) {
    log.error("number-lookup.not-set-up", { supplier: record.name, ...errorFields(error) });
    return undefined;
  }
}

/** Throws one clear line when the record's settings cannot be used. */
function makeNetworkLookup(
  outbound: Outbound,
  { name, settings, secrets }: Pick<LookupSupplierRecord, "name" | "settings" | "secrets">,
): NetworkLookup {
  const { timeoutMs } = settings as LookupSettings;
  const { supplier, given } = describedBy({ settings, secrets });
  return httpLookup(outbound, { name, supplier, settings: given, timeoutMs });
}

function describedBy({ settings, secrets }: Pick<LookupSupplierRecord, "settings" | "secrets">) {
  const { preset, supplier: own, timeoutMs: _, ...rest } = settings as LookupSettings;
  const supplier = own ?? (preset === undefined ? undefined : LOOKUP_PRESETS[preset]);
  if (!supplier)
    throw new Error(`settings.preset must be one of ${Object.keys(LOOKUP_PRESETS).join(", ")}, or give a supplier`);
  return { supplier, given: { ...(rest as Record<string, string>), ...secrets } };
}

export const lookupKinds: LookupKinds = {
  presets: Object.entries<LookupSupplier>(LOOKUP_PRESETS)
    .filter(([name]) => name !== SANDBOX_PRESET)
    .map(([name, { settings }]) => ({
      name,
      settings: Object.entries(settings).map(([setting, rule]) => {
        return { name: setting, usual: typeof rule === "object" ? rule.default : undefined };
      }),
    })),
  problemOf: ({ settings, secrets }) => {
    try {
      const { supplier, given } = describedBy({ settings, secrets });
      checkLookupSupplier(supplier, given);
      return undefined;
    } catch (error) {
      return (error as Error).message;
    }
  },
};

interface LookupSettings {
  preset?: keyof typeof LOOKUP_PRESETS;
  supplier?: unknown;
  timeoutMs?: number;
  [setting: string]: unknown;
}
