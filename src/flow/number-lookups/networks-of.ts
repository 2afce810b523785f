/** Where the recipients of texts are, of those that networks were asked about. Nobody is asked for it. */
import { listNetworks } from "../../records/number-lookups/network-lookup-store.ts";
import type { App } from "../app.ts";
import { LOOKUP_KEPT_MS } from "./network-finder.ts";

/** By notification: one statement for all of them. */
export async function networksOf(
  { db, clock }: Pick<App, "db" | "clock">,
  ids: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  if (ids.length === 0) return new Map();
  const since = new Date(clock.now().getTime() - LOOKUP_KEPT_MS);
  const found = await listNetworks(db, ids, since);
  return new Map(found.map(({ id, network }) => [id, network]));
}
