/** `/sign-in` and `/sign-out`. */
import { endSession } from "../../../flow/people/sessions.ts";
import { isSingleSignOnSetUp } from "../../../flow/people/single-sign-on.ts";
import { getRegistrationRule } from "../../../records/deployment/people-settings.ts";
import { actorOf } from "../http/actor.ts";
import { type Answer, redirect } from "../http/answer.ts";
import { type Form, formOf, readFields, refuseIfInvalid, submit, type Values } from "../http/form.ts";
import { page } from "../http/page.ts";
import { type Route, route } from "../http/route.ts";
import type { UserVisit, Visit } from "../http/visit.ts";
import { emailLinkRoutes } from "./email-link.ts";
import { enterWithPassword } from "./enter.ts";
import { nextPage, withNext } from "./next-page.ts";
import { secondStepRoutes } from "./second-step.ts";
import { SINGLE_SIGN_ON_START, singleSignOnRoutes } from "./single-sign-on.ts";

const FIELDS = ["emailAddress", "password"] as const;
type Field = (typeof FIELDS)[number];

interface SignInPage {
  form: Form<Field>;
  next: string;
  /** Somebody wanted a page that asks for it. */
  isNeeded: boolean;
  singleSignOnUrl: string | undefined;
  mayRegister: boolean;
}

const showSignIn = page<SignInPage>("sign-in/sign-in.njk");

export const signInRoutes: readonly Route[] = [
  route({ method: "GET", url: "/sign-in", who: "anyone", handler: askToSignIn }),
  route({ method: "POST", url: "/sign-in", who: "anyone", handler: signIn }),
  route({ method: "POST", url: "/sign-out", who: "signed-in", handler: signOut }),
  ...secondStepRoutes,
  ...emailLinkRoutes,
  ...singleSignOnRoutes,
];

function askToSignIn(visit: Visit): Answer | Promise<Answer> {
  const next = nextPage(visit.query.get("next"));
  if (visit.visitor.kind === "signed-in") return redirect(next);
  const form = formOf<Field>({ emailAddress: "", password: "" });
  return show(visit, { form, next, isNeeded: visit.query.has("next") });
}

async function signIn(visit: Visit): Promise<Answer> {
  const values = readFields(visit, FIELDS);
  const next = nextPage(readFields(visit, ["next"]).next);
  return submit({
    values,
    refusedAt: "emailAddress",
    act: () => signInWith(visit, values, next),
    showAgain: (form) => show(visit, { form, next, isNeeded: false }),
  });
}

function signInWith(visit: Visit, values: Values<Field>, next: string): Promise<Answer> {
  const { text } = visit;
  refuseIfInvalid({
    emailAddress: values.emailAddress.trim() === "" && text("signIn.enterEmailAddress"),
    password: values.password === "" && text("signIn.enterPassword"),
  });
  return enterWithPassword(visit, values, next);
}

async function show(visit: Visit, shown: Pick<SignInPage, "form" | "next" | "isNeeded">): Promise<Answer> {
  const { people } = visit;
  const [hasSingleSignOn, rule] = await Promise.all([isSingleSignOnSetUp(people), getRegistrationRule(people.db)]);
  const singleSignOnUrl = hasSingleSignOn ? withNext(SINGLE_SIGN_ON_START, shown.next) : undefined;
  return showSignIn(visit, { ...shown, singleSignOnUrl, mayRegister: rule.kind !== "invitation" });
}

async function signOut(visit: UserVisit): Promise<Answer> {
  await endSession(visit.app, actorOf(visit), visit.visitor.session.id);
  return redirect("/sign-in", { session: null, flash: visit.text("signIn.signedOut") });
}
