/** `/account/sessions`: where one is signed in, and signing out there. */
import { endOtherSessions, endSession } from "../../../flow/people/sessions.ts";
import { ADMIN_IDLE_MAX_MS, listSessions, type OpenSession } from "../../../records/sessions/session-store.ts";
import { actorOf } from "../http/actor.ts";
import { type Answer, redirect } from "../http/answer.ts";
import { readFields } from "../http/form.ts";
import { page } from "../http/page.ts";
import { type Route, route } from "../http/route.ts";
import type { UserVisit } from "../http/visit.ts";
import { browserOf } from "./browser-of.ts";

const SESSIONS = "/account/sessions";
const MINUTE_MS = 60_000;

interface ShownSession extends Pick<OpenSession, "ipAddress" | "createdAt" | "lastSeenAt" | "endsAt"> {
  /** A hash: it opens nothing. */
  id: string;
  browser: string;
  isThisOne: boolean;
  /** Whoever it is knows the password, and has not given the second factor. */
  isHalf: boolean;
  /** Using it again puts off its end. */
  endsUnlessUsed: boolean;
}

const showSessions = page<{
  sessions: readonly ShownSession[];
  hasOthers: boolean;
  /** Minutes without a page after which it ends, for those who run the platform. */
  idleMinutes: number | undefined;
}>("account/sessions.njk");

export const sessionRoutes: readonly Route[] = [
  route({ method: "GET", url: SESSIONS, who: "signed-in", handler: show }),
  route({ method: "POST", url: `${SESSIONS}/ended`, who: "signed-in", handler: endOne }),
  route({ method: "POST", url: `${SESSIONS}/others-ended`, who: "signed-in", handler: endOthers }),
];

async function show(visit: UserVisit): Promise<Answer> {
  const { app, visitor, now } = visit;
  const sessions = await listSessions(app.db, visitor.userId, now);
  const shown = sessions.map((session) => shownSession(visit, session));
  const idleMinutes = visitor.session.isPlatformAdmin ? ADMIN_IDLE_MAX_MS / MINUTE_MS : undefined;
  return showSessions(visit, { sessions: shown, hasOthers: shown.some(({ isThisOne }) => !isThisOne), idleMinutes });
}

function shownSession({ visitor, text }: UserVisit, session: OpenSession): ShownSession {
  const { id, ipAddress, createdAt, lastSeenAt, endsAt, expiresAt, stage, userAgent } = session;
  const browser = browserOf(userAgent);
  return {
    id: id.toString("base64url"),
    ipAddress,
    createdAt,
    lastSeenAt,
    endsAt,
    browser: browser ? text("account.sessions.browserOn", browser) : text("account.sessions.unknownBrowser"),
    isThisOne: id.equals(visitor.session.id),
    isHalf: stage === "password-given",
    endsUnlessUsed: endsAt < expiresAt,
  };
}

async function endOne(visit: UserVisit): Promise<Answer> {
  const { session } = readFields(visit, ["session"]);
  await endSession(visit.app, actorOf(visit), Buffer.from(session, "base64url"));
  return redirect(SESSIONS, { flash: visit.text("account.sessions.ended") });
}

async function endOthers(visit: UserVisit): Promise<Answer> {
  await endOtherSessions(visit.app, actorOf(visit), visit.visitor.session.id);
  return redirect(SESSIONS, { flash: visit.text("account.sessions.othersEnded") });
}
