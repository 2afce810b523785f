/** A session's beginning and end. Signing in has an entry in the audit log by whoever judged the factor; the end has one here. */
import {
  insertSession,
  newSessionToken,
  revokeSession,
  revokeSessions,
  type SessionStage,
  sessionIdOf,
  updatePlatformView,
} from "../../records/sessions/session-store.ts";
import { type Actor, recordDeed } from "../actor.ts";
import type { App } from "../app.ts";

export interface SessionWish {
  userId: string;
  stage: SessionStage;
  ipAddress: string;
  userAgent: string;
  /** The token the browser came with: it counts no longer, so that a token planted before sign-in opens nothing. */
  replaces?: string | undefined;
}

type Keeper = Pick<App, "db" | "clock">;

/** Begins a session; resolves with the token for the browser's cookie, which is kept nowhere. */
export async function startSession({ db, clock }: Keeper, wish: SessionWish): Promise<string> {
  const token = newSessionToken();
  const now = clock.now();
  await db.transaction(async (tx) => {
    if (wish.replaces) await revokeSession(tx, { id: sessionIdOf(wish.replaces), userId: wish.userId }, now);
    await insertSession(tx, token, { ...wish, now });
  });
  return token;
}

/** Ends a session of this user. One that has ended before, or belongs to somebody else, stays as it is. */
export async function endSession({ db, clock }: Keeper, actor: Actor, sessionId: Buffer): Promise<void> {
  await db.transaction(async (tx) => {
    const session = { id: sessionId, userId: actor.userId };
    const deed = { action: "session.ended", subject: `user ${actor.userId}` };
    if (await revokeSession(tx, session, clock.now())) await recordDeed(tx, actor, deed);
  });
}

/** Ends all of a user's sessions but the one at hand. */
export async function endOtherSessions({ db, clock }: Keeper, actor: Actor, sessionId: Buffer): Promise<void> {
  await db.transaction(async (tx) => {
    const ended = await revokeSessions(tx, { userId: actor.userId, except: sessionId, now: clock.now() });
    const deed = { action: "session.others-ended", subject: `user ${actor.userId}`, after: { sessions: ended } };
    if (ended > 0) await recordDeed(tx, actor, deed);
  });
}

/** In this session a platform administrator sees what their memberships let them see, or everything again. */
export async function setPlatformView(
  { db }: Pick<Keeper, "db">,
  actor: Actor,
  { sessionId, hides }: { sessionId: Buffer; hides: boolean },
): Promise<void> {
  await db.transaction(async (tx) => {
    if (!(await updatePlatformView(tx, { id: sessionId, userId: actor.userId, hidesPlatformView: hides }))) return;
    const action = hides ? "session.platform-view-hidden" : "session.platform-view-shown";
    await recordDeed(tx, actor, { action, subject: `user ${actor.userId}` });
  });
}
