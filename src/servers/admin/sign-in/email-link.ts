/** `/email-auth/:token`: where the link leads that finishes signing in. It is used up by POST, so that no mailbox's scanner does it. */
import { impossible } from "../../../core/refusal.ts";
import { finishWithLink, linkState } from "../../../flow/people/email-links.ts";
import { type Answer, redirect } from "../http/answer.ts";
import { type Route, route } from "../http/route.ts";
import type { Visit } from "../http/visit.ts";
import { formPage } from "../plain/form-page.ts";
import { noticePage } from "../plain/notice-page.ts";
import { enter } from "./begin-session.ts";
import { lockedPage } from "./locked.ts";
import { rememberedNext } from "./next-page.ts";

const GONE = 410;

export const emailLinkRoutes: readonly Route[] = [
  route({ method: "GET", url: "/email-auth/:token", who: "anyone", handler: askToGoOn }),
  route({ method: "POST", url: "/email-auth/:token", who: "anyone", handler: goOn }),
];

async function askToGoOn(visit: Visit): Promise<Answer> {
  const { text, people } = visit;
  if ((await linkState(people, visit.params["token"] ?? "", "sign-in")) !== "live") return linkOver(visit);
  return formPage(visit, {
    title: text("secondStep.link.title"),
    paragraphs: [text("secondStep.link.explain")],
    fields: {},
    button: text("secondStep.link.button"),
  });
}

async function goOn(visit: Visit): Promise<Answer> {
  const { people, ipAddress: ip } = visit;
  const answer = await finishWithLink(people, { token: visit.params["token"] ?? "", ip });
  switch (answer.kind) {
    case "signed-in":
      return redirect(rememberedNext(visit), await enter(visit, answer.userId));
    case "wrong":
    case "expired":
      return linkOver(visit);
    case "locked":
      return lockedPage(visit);
    default:
      return impossible(answer);
  }
}

function linkOver(visit: Visit): Answer {
  const { text } = visit;
  return noticePage(visit, {
    status: GONE,
    title: text("secondStep.linkOver.title"),
    paragraphs: [text("secondStep.linkOver.explain")],
    onward: { text: text("secondStep.linkOver.link"), href: "/sign-in" },
  });
}
