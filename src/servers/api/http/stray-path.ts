/** Paths that look like one of ours and are not: with a slash too many, or a slash inside a name. */
import type { Answer } from "./answer.ts";
import { originOf, type Visit } from "./call.ts";

const DOUBLED_SLASHES = /\/{2,}/g;

/** `unknown` for a slash at the end or an escaped one; nothing for a path as it should be. */
export function strayPath(url: string): "doubled-slashes" | "unknown" | undefined {
  const queryAt = url.indexOf("?");
  const path = queryAt === -1 ? url : url.slice(0, queryAt);
  if (path.includes("//")) return "doubled-slashes";
  const endsInSlash = path.length > 1 && path.endsWith("/");
  return endsInSlash || (path.includes("%") && /%2f/i.test(path)) ? "unknown" : undefined;
}

/** To the same path with single slashes, whatever the method (RFC 9110 §15.4.9). */
export function redirectToOneSlash(visit: Visit): Answer {
  const [path = "", ...query] = visit.request.url.split("?");
  const location = [path.replace(DOUBLED_SLASHES, "/"), ...query].join("?");
  return {
    status: 308,
    contentType: "text/plain; charset=utf-8",
    body: "",
    headers: ["Location", `${originOf(visit)}${location}`],
  };
}
