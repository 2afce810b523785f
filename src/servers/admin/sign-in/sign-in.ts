/** `/sign-in` and `/sign-out`. */
import { impossible } from "../../../core/refusal.ts";
import { endSession, startSession } from "../../../flow/people/sessions.ts";
import { beginSignIn } from "../../../flow/people/sign-in.ts";
import type { SessionStage } from "../../../records/sessions/session-store.ts";
import { type Answer, redirect } from "../http/answer.ts";
import { type Form, formOf, InvalidFields, readFields, refuseIfInvalid, submit } from "../http/form.ts";
import { ownPath } from "../http/next.ts";
import { page } from "../http/page.ts";
import { type Route, route } from "../http/route.ts";
import type { UserVisit, Visit } from "../http/visit.ts";

const HOME = "/services";
/** Where the second factor is asked for. */
const VERIFY = "/sign-in/verify";
const FIELDS = ["emailAddress", "password"] as const;
type Field = (typeof FIELDS)[number];

const showSignIn = page<{ form: Form<Field>; next: string; isNeeded: boolean }>("sign-in/sign-in.njk");

export const signInRoutes: readonly Route[] = [
  route({ method: "GET", url: "/sign-in", who: "anyone", handler: askToSignIn }),
  route({ method: "POST", url: "/sign-in", who: "anyone", handler: signIn }),
  route({ method: "POST", url: "/sign-out", who: "signed-in", handler: signOut }),
];

function askToSignIn(visit: Visit): Answer {
  const next = ownPath(visit.query.get("next") ?? undefined, HOME);
  if (visit.visitor.kind === "signed-in") return redirect(next);
  const form = formOf<Field>({ emailAddress: "", password: "" });
  return showSignIn(visit, { form, next, isNeeded: visit.query.has("next") });
}

async function signIn(visit: Visit): Promise<Answer> {
  const values = readFields(visit, FIELDS);
  const next = ownPath(readFields(visit, ["next"]).next, HOME);
  return submit({
    values,
    refusedAt: "emailAddress",
    act: () => signInWith(visit, values, next),
    showAgain: (form) => showSignIn(visit, { form, next, isNeeded: false }),
  });
}

/** One and the same answer, whether the address, the password or the account is at fault. */
async function signInWith(visit: Visit, values: Record<Field, string>, next: string): Promise<Answer> {
  const { people, text, ipAddress: ip } = visit;
  refuseIfInvalid({
    emailAddress: values.emailAddress.trim() === "" && text("signIn.enterEmailAddress"),
    password: values.password === "" && text("signIn.enterPassword"),
  });
  const start = await beginSignIn(people, { ...values, ip });
  switch (start.kind) {
    case "signed-in":
      return redirect(next, { session: await beginSession(visit, { userId: start.userId, stage: "signed-in" }) });
    case "second-factor":
      return redirect(`${VERIFY}?next=${encodeURIComponent(next)}`, {
        session: await beginSession(visit, { userId: start.userId, stage: "password-given" }),
      });
    case "refused":
      throw new InvalidFields({ emailAddress: text("signIn.refused") });
    default:
      return impossible(start);
  }
}

/** A new token each time somebody comes a step further; the one the browser came with ends. */
export function beginSession(visit: Visit, who: { userId: string; stage: SessionStage }): Promise<string> {
  const { app, ipAddress, userAgent } = visit;
  return startSession(app, { ...who, ipAddress, userAgent, replaces: visit.cookie("session") });
}

async function signOut({ app, visitor, ipAddress, text }: UserVisit): Promise<Answer> {
  await endSession(app, { userId: visitor.userId, ip: ipAddress }, visitor.session.id);
  return redirect("/sign-in", { session: null, flash: text("signIn.signedOut") });
}
