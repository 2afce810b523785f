/** Makes a visit of a request, and writes the answer to it. */

import type { FastifyReply, FastifyRequest } from "fastify";
import { HOME_TIME_ZONE } from "../../../core/calendar/home.ts";
import { POUNDS } from "../../../core/price/home-money.ts";
import { type Language, textIn } from "../catalogue/text.ts";
import { formatsOf } from "../formats/formats.ts";
import { SUGGESTION_COOKIE } from "../layout/suggestion.ts";
import type { Answer } from "./answer.ts";
import { originForLinks } from "./origin.ts";
import { cookieName, findVisitor, isAskedByPage, SESSION_COOKIE_MAX_AGE_SECONDS } from "./session.ts";
import { filesOf, isFile } from "./uploads.ts";
import type { Admin, Visit } from "./visit.ts";

const SESSION = "session";
const FLASH = "flash";
/** As long as it takes to be sent to the next page. */
const FLASH_MAX_AGE_SECONDS = 60;
const FLASH_MAX_CHARACTERS = 500;
const SAID_ONCE = [FLASH, SUGGESTION_COOKIE];
/** Whose forms those are of people who have not signed in. */
const NOBODY = "nobody";
const LANGUAGE: Language = "en";

const texts = textIn(LANGUAGE);

/** Who asks, and what for. Without a look at the session when `knowsNobody`: for pages that say that the database is away. */
export async function visitOf(
  admin: Admin,
  { request, reply }: { request: FastifyRequest; reply: FastifyReply },
  { knowsNobody = false } = {},
): Promise<Visit> {
  const now = admin.app.clock.now();
  const cookie = (name: string) => request.cookies[cookieName(name, admin.isSecure)];
  const livePosition = admin.live.position();
  const flash = cookie(FLASH);
  const { currency } = knowsNobody ? POUNDS : await admin.app.prices.home();
  return {
    admin,
    app: admin.app,
    people: admin.people,
    visitor: knowsNobody
      ? { kind: "signed-out" }
      : await findVisitor(admin.app, { token: cookie(SESSION), isByItself: isAskedByPage(request) }),
    language: LANGUAGE,
    text: texts,
    formats: formatsOf({ language: LANGUAGE, timeZone: HOME_TIME_ZONE, currency }, now),
    now,
    origin: originForLinks(admin.app.origins.admin, request),
    url: request.url,
    params: request.params as Record<string, string>,
    query: queryOf(request.url),
    body: bodyOf(request.body),
    files: filesOf(request.body),
    ipAddress: request.ip,
    userAgent: request.headers["user-agent"] ?? "",
    cookie,
    flash: flash?.slice(0, FLASH_MAX_CHARACTERS),
    livePosition,
    headers: request.headers,
    csrfToken: () => reply.generateCsrf({ userInfo: csrfOwner(request, admin) }),
  };
}

/** Whom a form's token belongs to: the session, or nobody. It is not the session's token, so that a page gives nothing away. */
export function csrfOwner(request: FastifyRequest, { isSecure }: Pick<Admin, "isSecure">): string {
  return request.cookies[cookieName(SESSION, isSecure)] ?? NOBODY;
}

export function writeAnswer(reply: FastifyReply, admin: Admin, answer: Answer): FastifyReply {
  for (const { name, value, maxAgeSeconds } of answer.cookies ?? [])
    setCookie(reply, admin, { name, value, maxAgeSeconds });
  writeSession(reply, admin, answer.session);
  writeFlash(reply, admin, answer);
  reply.code(answer.status).headers({ "cache-control": "no-store", ...answer.headers });
  return reply.send(answer.body ?? "");
}

function writeSession(reply: FastifyReply, admin: Admin, session: Answer["session"]): void {
  if (session === undefined) return;
  const maxAgeSeconds = session === null ? 0 : SESSION_COOKIE_MAX_AGE_SECONDS;
  setCookie(reply, admin, { name: SESSION, value: session ?? "", maxAgeSeconds });
}

/** Kept for the next page, and forgotten once a page has said it. */
function writeFlash(reply: FastifyReply, admin: Admin, { flash, status }: Answer): void {
  if (flash !== undefined) setCookie(reply, admin, { name: FLASH, value: flash, maxAgeSeconds: FLASH_MAX_AGE_SECONDS });
  if (status !== 200 || flash !== undefined) return;
  for (const name of SAID_ONCE) {
    const wasSaid = reply.request.cookies[cookieName(name, admin.isSecure)] !== undefined;
    if (wasSaid) setCookie(reply, admin, { name, value: "", maxAgeSeconds: 0 });
  }
}

/** Not for scripts, and not with requests that other sites make, but with links that lead here (RFC 6265bis §5.6.7). */
function setCookie(
  reply: FastifyReply,
  { isSecure }: Admin,
  { name, value, maxAgeSeconds }: { name: string; value: string; maxAgeSeconds: number },
): void {
  const options = { path: "/", httpOnly: true, sameSite: "lax", secure: isSecure, maxAge: maxAgeSeconds } as const;
  reply.setCookie(cookieName(name, isSecure), value, options);
}

function queryOf(url: string): URLSearchParams {
  const start = url.indexOf("?");
  return new URLSearchParams(start === -1 ? "" : url.slice(start + 1));
}

/** As the parser of forms gives it: text, or a list of texts. */
function bodyOf(body: unknown): Visit["body"] {
  if (typeof body !== "object" || body === null) return new Map();
  const fields = Object.entries(body).filter(([, value]) => !isFile(value));
  return new Map(fields.map(([name, value]) => [name, [value].flat().map(String)]));
}
