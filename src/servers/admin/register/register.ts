/** Making an account: the form, the mailbox that is waited for, and the link from it. */
import { impossible } from "../../../core/refusal.ts";
import { beginTextFactor } from "../../../flow/people/factors.ts";
import { getUser } from "../../../flow/people/own-account.ts";
import { confirmRegistration, type RegistrationForm, register } from "../../../flow/people/register.ts";
import { getRegistrationRule } from "../../../records/deployment/people-settings.ts";
import { whereOf } from "../http/actor.ts";
import { type Answer, redirect } from "../http/answer.ts";
import { type Form, formOf, InvalidFields, readFields, refuseIfInvalid, submit } from "../http/form.ts";
import { page } from "../http/page.ts";
import { type Route, route } from "../http/route.ts";
import type { Visit } from "../http/visit.ts";
import { formRoutes } from "../plain/form-page.ts";
import { noticePage } from "../plain/notice-page.ts";
import { enterWithPassword } from "../sign-in/enter.ts";

const HOME = "/services";
const CHECK_INBOX = "/register/check-inbox";
/** Shows that texts arrive at the number that was given. */
const CONFIRM_MOBILE = "/account/second-factors/text/code";
const GONE = 410;
const FIELDS = ["name", "emailAddress", "mobileNumber", "password"] as const;
type Field = (typeof FIELDS)[number];

const showForm = page<{ form: Form<Field>; domains: string }>("register/register.njk");

export const registerRoutes: readonly Route[] = [
  route({ method: "GET", url: "/register", who: "anyone", handler: askToRegister }),
  route({ method: "POST", url: "/register", who: "anyone", handler: takeRegistration }),
  route({ method: "GET", url: CHECK_INBOX, who: "anyone", handler: sayCheckInbox }),
  ...formRoutes({
    url: "/verify-email/:token",
    who: "anyone",
    fields: ["password"],
    page: ({ text }) => ({
      title: text("register.verify.title"),
      paragraphs: [text("register.verify.explain")],
      fields: { password: { type: "password", label: text("register.verify.password") } },
      button: text("register.verify.button"),
    }),
    act: (visit, { password }) => verify(visit, password),
  }),
];

function askToRegister(visit: Visit): Promise<Answer> {
  return show(visit, formOf<Field>({ name: "", emailAddress: "", mobileNumber: "", password: "" }));
}

async function show(visit: Visit, form: Form<Field>): Promise<Answer> {
  const rule = await getRegistrationRule(visit.people.db);
  if (rule.kind === "invitation") return byInvitationAlone(visit);
  return showForm(visit, { form, domains: rule.kind === "domains" ? rule.domains.join(", ") : "" });
}

async function takeRegistration(visit: Visit): Promise<Answer> {
  const values = readFields(visit, FIELDS);
  return submit({
    values,
    refusedAt: "emailAddress",
    act: () => registerAs(visit, values),
    showAgain: (form) => show(visit, form),
  });
}

/** Says the same to everybody, whether there is such an account or not. */
async function registerAs(visit: Visit, values: RegistrationForm): Promise<Answer> {
  const { people } = visit;
  const rule = await getRegistrationRule(people.db);
  if (rule.kind === "invitation") return byInvitationAlone(visit);
  await register(people, values, whereOf(visit));
  return redirect(CHECK_INBOX);
}

function sayCheckInbox(visit: Visit): Answer {
  const { text } = visit;
  return noticePage(visit, {
    title: text("register.inbox.title"),
    paragraphs: [text("register.inbox.explain"), text("register.inbox.nothing")],
    onward: { text: text("register.inbox.again"), href: "/register" },
  });
}

function byInvitationAlone(visit: Visit): Answer {
  const { text } = visit;
  return noticePage(visit, {
    title: text("register.closed.title"),
    paragraphs: [text("register.closed.explain")],
    onward: { text: text("register.closed.link"), href: "/sign-in" },
  });
}

async function verify(visit: Visit, password: string): Promise<Answer> {
  const { people, params, text } = visit;
  refuseIfInvalid({ password: password === "" && text("register.verify.enterPassword") });
  const answer = await confirmRegistration(people, { token: params["token"] ?? "", password }, whereOf(visit));
  switch (answer.kind) {
    case "confirmed":
      return welcome(visit, { userId: answer.userId, password });
    case "wrong-password":
      throw new InvalidFields({ password: text("register.verify.wrong") });
    case "expired":
      return newLinkSent(visit);
    case "used":
      return redirect("/sign-in", { flash: text("register.used") });
    case "unknown":
      return linkUnknown(visit);
    default:
      return impossible(answer);
  }
}

/**
 * Signs them in with the password they have just given. Who gave a number is texted a code, to sign in with from then on; only now,
 * since signing in uses up what was sent before.
 */
async function welcome(visit: Visit, { userId, password }: { userId: string; password: string }): Promise<Answer> {
  const { people, ipAddress: ip } = visit;
  const { emailAddress, mobileNumber } = await getUser(people, userId);
  const next = mobileNumber === undefined ? HOME : CONFIRM_MOBILE;
  const answer = await enterWithPassword(visit, { emailAddress, password }, next);
  if (mobileNumber !== undefined) await beginTextFactor(people, { userId, ip });
  return answer;
}

function newLinkSent(visit: Visit): Answer {
  const { text } = visit;
  return noticePage(visit, {
    status: GONE,
    title: text("register.expired.title"),
    paragraphs: [text("register.expired.explain")],
  });
}

function linkUnknown(visit: Visit): Answer {
  const { text } = visit;
  return noticePage(visit, {
    status: GONE,
    title: text("register.unknown.title"),
    paragraphs: [text("register.unknown.explain")],
    onward: { text: text("register.unknown.link"), href: "/register" },
  });
}
