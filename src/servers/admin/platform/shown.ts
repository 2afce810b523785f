/** What several pages of the platform show: pages of a list, and where the things they name are found. */
import type { FoundKind } from "../../../records/platform-search/platform-search-store.ts";
import { asId } from "../http/ids.ts";
import type { Visit } from "../http/visit.ts";

/** Rows on a page of a list. */
const PAGE_ROWS = 50;

export interface ListPage<Row> {
  rows: readonly Row[];
  /** Undefined on the last page. */
  nextUrl: string | undefined;
  /** Whether rows were left behind on the way here. */
  isFurther: boolean;
}

/** Asks for one row more than is shown: whether it comes tells whether there is another page. `?after=` is the id last seen. */
export async function readPage<Row extends { id: string }>(
  visit: Visit,
  list: (page: { after: string | undefined; limit: number }) => Promise<Row[]>,
): Promise<ListPage<Row>> {
  const after = asId(visit.query.get("after"));
  const found = await list({ after, limit: PAGE_ROWS + 1 });
  const rows = found.slice(0, PAGE_ROWS);
  const last = found.length > PAGE_ROWS ? rows.at(-1) : undefined;
  return { rows, isFurther: after !== undefined, nextUrl: last && withQuery(visit, "after", last.id) };
}

/** The address of this page with one value of its query changed. */
function withQuery({ url, query }: Visit, name: string, value: string): string {
  const changed = new URLSearchParams(query);
  changed.set(name, value);
  return `${url.split("?")[0]}?${changed}`;
}

/** Pages that name a thing, by what it is: the first of which there is a route. */
const PLACES: Readonly<Record<FoundKind, readonly string[]>> = {
  user: ["/platform/users/:id"],
  service: ["/platform/services/:id"],
  organisation: ["/orgs/:oid"],
  provider: ["/platform/providers"],
  template: ["/services/:sid/templates/:tid", "/services/:sid/templates"],
  notification: ["/services/:sid/messages/:nid", "/services/:sid/messages"],
  "api-key": ["/services/:sid/developers/keys", "/services/:sid"],
};

export interface Thing {
  kind: FoundKind;
  id: string;
  serviceId?: string | undefined;
}

/** Where a thing is found; undefined while there is no page for it. */
export function placeOf({ admin }: Visit, { kind, id, serviceId = "" }: Thing): string | undefined {
  const url = PLACES[kind].find((place) => admin.urls.has(place));
  return url?.replace(":sid", serviceId).replace(/:\w+/, id);
}
