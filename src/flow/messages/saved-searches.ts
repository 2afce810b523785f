/** Searches kept under an id, so that no recipient stands in an address: sealed, each for the one who searched, for a week. */
import { newRandomId } from "../../platform/ids.ts";
import { open, seal } from "../../platform/sealing.ts";
import { findSavedSearch, insertSavedSearch } from "../../records/searches/saved-search-store.ts";
import type { Service } from "../../records/services/service.ts";
import type { App } from "../app.ts";

const SEARCH_DAYS = 7;
const DAY_MS = 86_400_000;
const SEARCH_MAX_CHARACTERS = 1_000;

type Searcher = { service: Pick<Service, "id" | "dataKey">; userId: string };

/** Answers the id to go on with. */
export async function saveSearch(
  app: Pick<App, "db" | "clock">,
  { service, userId }: Searcher,
  text: string,
): Promise<string> {
  const id = newRandomId();
  const sealedSearch = seal({ key: service.dataKey, belongsTo: placeOf(id) }, text.slice(0, SEARCH_MAX_CHARACTERS));
  await insertSavedSearch(app.db, { id, userId, serviceId: service.id, sealedSearch, createdAt: app.clock.now() });
  return id;
}

/** The text; undefined when it is somebody else's, or too old. */
export async function readSearch(
  app: Pick<App, "db" | "clock">,
  { service, userId }: Searcher,
  id: string,
): Promise<string | undefined> {
  const createdAfter = keptSince(app);
  const search = await findSavedSearch(app.db, { id, userId, serviceId: service.id, createdAfter });
  return search && open({ key: service.dataKey, belongsTo: placeOf(id) }, search.sealedSearch).toString();
}

/** Searches made before this are forgotten. */
export function keptSince({ clock }: Pick<App, "clock">): Date {
  return new Date(clock.now().getTime() - SEARCH_DAYS * DAY_MS);
}

function placeOf(id: string): string {
  return `saved_searches:${id}`;
}
