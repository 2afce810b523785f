/** Codes, links and the like that are of no more use to anybody. */

import { deletePastSessions } from "../../records/sessions/session-store.ts";
import { deleteLinksBefore } from "../../records/sign-in/account-link-store.ts";
import { deleteCodesBefore } from "../../records/sign-in/one-time-code-store.ts";
import { deletePastThrottles } from "../../records/throttles/throttle-store.ts";
import { deleteRegistrationsBefore } from "../../records/users/registration-store.ts";
import type { App } from "../app.ts";

const DAY_MS = 86_400_000;
/** A link that came too late still says so for a while, and a late registration can be taken up again. */
const KEPT_DAYS = 7;

export async function tidyPeople({ db, clock }: Pick<App, "db" | "clock">): Promise<Record<string, number>> {
  const now = clock.now();
  const before = new Date(now.getTime() - KEPT_DAYS * DAY_MS);
  return {
    codes: await deleteCodesBefore(db, before),
    links: await deleteLinksBefore(db, before),
    registrations: await deleteRegistrationsBefore(db, before),
    throttles: await deletePastThrottles(db, now),
    sessions: await deletePastSessions(db, now),
  };
}
