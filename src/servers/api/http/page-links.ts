/** The links of a page in a list: to itself, and to what is older than its last entry. */
interface Page {
  query: URLSearchParams;
  /** Parameters of which every value is kept; of others the first. */
  repeatable: readonly string[];
  /** Undefined for an empty page, after which there is none. */
  lastId: string | undefined;
}

const OLDER_THAN = "older_than";

export function pageLinks(url: string, { query, repeatable, lastId }: Page): { current: string; next?: string } {
  const kept = keptParameters(query, repeatable);
  const current = withQuery(url, kept);
  if (lastId === undefined) return { current };
  const older = new URLSearchParams(kept);
  older.set(OLDER_THAN, lastId);
  return { current, next: withQuery(url, older) };
}

/** In the order in which their names first came. */
function keptParameters(query: URLSearchParams, repeatable: readonly string[]): URLSearchParams {
  const names = [...new Set(query.keys())];
  const pairs = names.flatMap((name) => {
    const values = repeatable.includes(name) ? query.getAll(name) : query.getAll(name).slice(0, 1);
    return values.map((value) => [name, value] as [string, string]);
  });
  return new URLSearchParams(pairs);
}

function withQuery(url: string, query: URLSearchParams): string {
  return query.size === 0 ? url : `${url}?${query}`;
}
