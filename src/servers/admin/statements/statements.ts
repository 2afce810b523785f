/** What is said of every installation: how accessible its pages are, what they keep of people, and where to report a weakness. */
import type { Answer } from "../http/answer.ts";
import { page } from "../http/page.ts";
import { type Route, route } from "../http/route.ts";
import type { Visit } from "../http/visit.ts";

const SECURITY_URL = "/security";
/** After this the file is to be read anew (RFC 9116 §2.5.5 asks for less than a year). */
const SECURITY_TXT_LIFE_MS = 180 * 24 * 60 * 60_000;

const showAccessibility = page("statements/accessibility.njk");
const showPrivacy = page("statements/privacy.njk");
const showSecurity = page("statements/security.njk");

export const statementRoutes: readonly Route[] = [
  route({ method: "GET", url: "/accessibility", who: "anyone", handler: (visit) => showAccessibility(visit, {}) }),
  route({ method: "GET", url: "/privacy", who: "anyone", handler: (visit) => showPrivacy(visit, {}) }),
  route({ method: "GET", url: SECURITY_URL, who: "anyone", handler: (visit) => showSecurity(visit, {}) }),
  route({ method: "GET", url: "/.well-known/security.txt", who: "anyone", handler: tellSecurity }),
];

/** RFC 9116: for people and programs that look for weaknesses; the page it names says whom to tell. */
function tellSecurity({ now, language, origin }: Visit): Answer {
  const expires = new Date(now.getTime() + SECURITY_TXT_LIFE_MS).toISOString();
  const body = `Contact: ${origin}${SECURITY_URL}\nExpires: ${expires}\nPreferred-Languages: ${language}\n`;
  return { status: 200, headers: { "content-type": "text/plain; charset=utf-8" }, body };
}
