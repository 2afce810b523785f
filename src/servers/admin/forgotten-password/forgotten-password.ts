/** A forgotten password: asking for a link, and choosing a new password with it. */
import { impossible } from "../../../core/refusal.ts";
import { linkState } from "../../../flow/people/email-links.ts";
import { askForNewPassword, setForgottenPassword } from "../../../flow/people/forgotten-password.ts";
import { getUser } from "../../../flow/people/own-account.ts";
import { whereOf } from "../http/actor.ts";
import { type Answer, redirect } from "../http/answer.ts";
import { readFields, refuseIfInvalid, submit } from "../http/form.ts";
import { type Route, route } from "../http/route.ts";
import type { Visit } from "../http/visit.ts";
import { type FormPage, formPage, formPageOf, formRoutes } from "../plain/form-page.ts";
import { noticePage } from "../plain/notice-page.ts";
import { enterWithPassword } from "../sign-in/enter.ts";

const HOME = "/services";
const CHECK_INBOX = "/forgot-password/check-inbox";
const NEW_PASSWORD = "/new-password/:token";
const GONE = 410;

export const forgottenPasswordRoutes: readonly Route[] = [
  ...formRoutes({
    url: "/forgot-password",
    who: "anyone",
    fields: ["emailAddress"],
    page: ({ text }) => ({
      title: text("forgottenPassword.title"),
      paragraphs: [text("forgottenPassword.explain")],
      fields: {
        emailAddress: { type: "email", label: text("forgottenPassword.emailAddress"), autocomplete: "username" },
      },
      button: text("forgottenPassword.button"),
      otherwise: { text: text("forgottenPassword.back"), href: "/sign-in" },
    }),
    act: sendLink,
  }),
  route({ method: "GET", url: CHECK_INBOX, who: "anyone", handler: sayCheckInbox }),
  route({ method: "GET", url: NEW_PASSWORD, who: "anyone", handler: askForPassword }),
  route({ method: "POST", url: NEW_PASSWORD, who: "anyone", handler: takePassword }),
];

/** Says the same to everybody, whether there is such an account or not. */
async function sendLink(visit: Visit, { emailAddress }: { emailAddress: string }): Promise<Answer> {
  refuseIfInvalid({ emailAddress: emailAddress.trim() === "" && visit.text("forgottenPassword.enterEmailAddress") });
  await askForNewPassword(visit.people, emailAddress, whereOf(visit));
  return redirect(CHECK_INBOX);
}

function sayCheckInbox(visit: Visit): Answer {
  const { text } = visit;
  return noticePage(visit, {
    title: text("forgottenPassword.inbox.title"),
    paragraphs: [text("forgottenPassword.inbox.explain"), text("forgottenPassword.inbox.nothing")],
    onward: { text: text("forgottenPassword.inbox.again"), href: "/forgot-password" },
  });
}

async function askForPassword(visit: Visit): Promise<Answer> {
  const state = await linkState(visit.people, visit.params["token"] ?? "", "password");
  return state === "live" ? formPage(visit, passwordForm(visit)) : linkOver(visit);
}

function passwordForm({ text }: Visit): FormPage<"password"> {
  return {
    title: text("forgottenPassword.new.title"),
    fields: {
      password: {
        type: "password",
        label: text("forgottenPassword.new.password"),
        hint: text("forgottenPassword.new.hint"),
        autocomplete: "new-password",
      },
    },
    button: text("forgottenPassword.new.button"),
  };
}

async function takePassword(visit: Visit): Promise<Answer> {
  const values = readFields(visit, ["password"]);
  return submit({
    values,
    refusedAt: "password",
    act: () => setPassword(visit, values.password),
    showAgain: (form) => formPageOf(visit, passwordForm(visit), form),
  });
}

/** Goes on as if they had signed in with the new password: whoever has a second factor is asked for it. */
async function setPassword(visit: Visit, password: string): Promise<Answer> {
  const { people, params } = visit;
  const answer = await setForgottenPassword(people, { token: params["token"] ?? "", password }, whereOf(visit));
  switch (answer.kind) {
    case "changed": {
      const { emailAddress } = await getUser(people, answer.userId);
      return enterWithPassword(visit, { emailAddress, password }, HOME);
    }
    case "expired":
    case "used":
      return linkOver(visit);
    default:
      return impossible(answer);
  }
}

function linkOver(visit: Visit): Answer {
  const { text } = visit;
  return noticePage(visit, {
    status: GONE,
    title: text("forgottenPassword.over.title"),
    paragraphs: [text("forgottenPassword.over.explain")],
    onward: { text: text("forgottenPassword.over.link"), href: "/forgot-password" },
  });
}
