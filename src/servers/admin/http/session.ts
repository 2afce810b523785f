/** Who makes a request, by the token in its cookie; whether a page makes it by itself, or somebody who is there. */
import type { FastifyRequest } from "fastify";
import type { App } from "../../../flow/app.ts";
import { findSession, type KnownSession, noteSeen } from "../../../records/sessions/session-store.ts";
import type { Visitor } from "./visit.ts";

/** As long as a session lives at most. */
export const SESSION_COOKIE_MAX_AGE_SECONDS = 20 * 60 * 60;

/** `__Host-`: from this host alone, over HTTPS alone, for every path (RFC 6265bis §4.1.3.2). Browsers refuse it without HTTPS. */
export function cookieName(name: string, isSecure: boolean): string {
  return isSecure ? `__Host-pennypost-${name}` : `pennypost-${name}`;
}

/**
 * Whether a page asks for something by itself, such as the numbers that it shows (Fetch Metadata Request Headers §2.1: it goes nowhere but to a script). What is
 * posted is somebody's doing, and so is what is asked for by browsers that do not say.
 */
export function isAskedByPage({ method, headers }: Pick<FastifyRequest, "method" | "headers">): boolean {
  return method === "GET" && headers["sec-fetch-dest"] === "empty";
}

export async function findVisitor(
  { db, clock }: Pick<App, "db" | "clock">,
  { token, isByItself }: { token: string | undefined; isByItself: boolean },
): Promise<Visitor> {
  if (!token) return { kind: "signed-out" };
  const now = clock.now();
  const session = await findSession(db, token, now);
  if (!session) return { kind: "signed-out" };
  // A page that is left open keeps itself fresh: that is nobody at work.
  if (!isByItself) await noteSeen(db, session, now);
  return visitorOf(session);
}

function visitorOf(session: KnownSession): Visitor {
  if (session.stage === "password-given") return { kind: "password-given", session };
  return {
    kind: "signed-in",
    session,
    userId: session.userId,
    name: session.userName,
    isPlatformAdmin: session.isPlatformAdmin && !session.hidesPlatformView,
    memberships: new Map(session.memberships.map((member) => [member.serviceId, new Set(member.permissions)])),
    organisationIds: new Set(session.organisationIds),
  };
}
