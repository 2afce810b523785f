/** The session of somebody who has come a step further. */
import { startSession } from "../../../flow/people/sessions.ts";
import type { SessionStage } from "../../../records/sessions/session-store.ts";
import type { Visit } from "../http/visit.ts";

/** A new token each time somebody comes a step further; the one the browser came with ends. */
export function beginSession(visit: Visit, who: { userId: string; stage: SessionStage }): Promise<string> {
  const { app, ipAddress, userAgent } = visit;
  return startSession(app, { ...who, ipAddress, userAgent, replaces: visit.cookie("session") });
}

/** What the answer to somebody who has now signed in carries. */
export async function enter(visit: Visit, userId: string): Promise<{ session: string }> {
  return { session: await beginSession(visit, { userId, stage: "signed-in" }) };
}
