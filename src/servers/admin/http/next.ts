/** Where to go after signing in: a page of ours, whatever the address says. */

/** A base that no path can name, so that what resolves elsewhere is seen. */
const HERE = "http://pennypost.invalid";
const NEXT_MAX_CHARACTERS = 2_000;

/** The path if it leads to this host (as browsers resolve it, WHATWG URL), else `fallback`. */
export function ownPath(path: string | undefined, fallback: string): string {
  if (!path?.startsWith("/") || path.length > NEXT_MAX_CHARACTERS || !URL.canParse(path, HERE)) return fallback;
  const url = new URL(path, HERE);
  const isOwn = url.origin === HERE && !url.pathname.startsWith("//");
  return isOwn ? `${url.pathname}${url.search}` : fallback;
}
