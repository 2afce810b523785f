/** `/sign-in` and `/sign-out`. */
import { endSession, startSession } from "../../../flow/people/sessions.ts";
import { type Answer, redirect } from "../http/answer.ts";
import { type Form, formOf, InvalidFields, readFields, refuseIfInvalid, submit } from "../http/form.ts";
import { ownPath } from "../http/next.ts";
import { page } from "../http/page.ts";
import { type Route, route } from "../http/route.ts";
import type { UserVisit, Visit } from "../http/visit.ts";
import { checkPassword } from "./check-password.ts";

const HOME = "/services";
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
    act: async () => redirect(next, { session: await startSessionFor(visit, values) }),
    showAgain: (form) => showSignIn(visit, { form, next, isNeeded: false }),
  });
}

/** One and the same answer, whether the address, the password or the account is at fault. */
async function startSessionFor(visit: Visit, values: Record<Field, string>): Promise<string> {
  const { app, text, ipAddress, userAgent } = visit;
  refuseIfInvalid({
    emailAddress: values.emailAddress.trim() === "" && text("signIn.enterEmailAddress"),
    password: values.password === "" && text("signIn.enterPassword"),
  });
  const user = await checkPassword(app.db, values);
  if (!user) throw new InvalidFields({ emailAddress: text("signIn.refused") });
  const replaces = visit.cookie("session");
  return startSession(app, { userId: user.id, stage: "signed-in", ipAddress, userAgent, replaces });
}

async function signOut({ app, visitor, ipAddress, text }: UserVisit): Promise<Answer> {
  await endSession(app, { userId: visitor.userId, ip: ipAddress }, visitor.session.id);
  return redirect("/sign-in", { session: null, flash: text("signIn.signedOut") });
}
