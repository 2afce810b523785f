/** `/account/email`: another address, which changes once the link in its mailbox is used, by POST. */
import { linkState } from "../../../flow/people/email-links.ts";
import { beginEmailChange, confirmEmailChange } from "../../../flow/people/own-account.ts";
import { actorOf, whereOf } from "../http/actor.ts";
import { type Answer, redirect } from "../http/answer.ts";
import { type Route, route } from "../http/route.ts";
import type { Visit } from "../http/visit.ts";
import { formPage, formRoutes } from "../plain/form-page.ts";
import { noticePage } from "../plain/notice-page.ts";
import { ACCOUNT, changed, toAccount } from "./paths.ts";

const CONFIRM = "/account/email/confirm/:token";
const GONE = 410;

export const emailRoutes: readonly Route[] = [
  ...formRoutes({
    url: "/account/email",
    who: "signed-in",
    fields: ["emailAddress", "password"],
    page: ({ text, visitor }) => ({
      title: text("account.email.title"),
      paragraphs: [text("account.email.now", { address: visitor.session.emailAddress }), text("account.email.explain")],
      fields: {
        emailAddress: { type: "email", label: text("account.email.label"), autocomplete: "email" },
        password: { type: "password", label: text("account.password.current") },
      },
      button: text("account.email.button"),
      otherwise: toAccount(text),
    }),
    act: async (visit, values) => {
      await beginEmailChange(visit.people, actorOf(visit), { ...values, ...whereOf(visit) });
      return changed(visit, "account.email.sent.changed");
    },
  }),
  route({ method: "GET", url: CONFIRM, who: "anyone", handler: askToConfirm }),
  route({ method: "POST", url: CONFIRM, who: "anyone", handler: confirm }),
];

async function askToConfirm(visit: Visit): Promise<Answer> {
  const { text, people, params } = visit;
  if ((await linkState(people, params["token"] ?? "", "email-address")) !== "live") return notChanged(visit, "over");
  return formPage(visit, {
    title: text("account.email.confirm.title"),
    paragraphs: [text("account.email.confirm.explain")],
    fields: {},
    button: text("account.email.confirm.button"),
  });
}

async function confirm(visit: Visit): Promise<Answer> {
  const { people, params, ipAddress: ip, visitor } = visit;
  const answer = await confirmEmailChange(people, { token: params["token"] ?? "", ip });
  if (answer === "expired") return notChanged(visit, "over");
  if (answer === "in-use") return notChanged(visit, "inUse");
  const flash = visit.text("account.email.changed");
  return redirect(visitor.kind === "signed-in" ? ACCOUNT : "/sign-in", { flash });
}

function notChanged(visit: Visit, why: "over" | "inUse"): Answer {
  const { text } = visit;
  return noticePage(visit, {
    status: GONE,
    title: text(`account.email.${why}.title`),
    paragraphs: [text(`account.email.${why}.explain`)],
    onward: { text: text("account.toAccount"), href: ACCOUNT },
  });
}
