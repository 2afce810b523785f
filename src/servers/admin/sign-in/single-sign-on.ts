/** Signing in through the organisation's own provider: there, and back again. */
import { impossible, Refusal } from "../../../core/refusal.ts";
import { beginSingleSignOn, finishSingleSignOn, SINGLE_SIGN_ON_PATH } from "../../../flow/people/single-sign-on.ts";
import { whereOf } from "../http/actor.ts";
import { type Answer, redirect } from "../http/answer.ts";
import { type Route, route } from "../http/route.ts";
import type { Visit } from "../http/visit.ts";
import { noticePage } from "../plain/notice-page.ts";
import { enter } from "./begin-session.ts";
import { nextPage, rememberedNext, rememberNext } from "./next-page.ts";

export const SINGLE_SIGN_ON_START = "/sign-in/single-sign-on";
/** Lets this browser alone finish what it began. */
const MEMORY_COOKIE = "single-sign-on";
const MEMORY_MAX_AGE_SECONDS = 10 * 60;
const FORBIDDEN = 403;
const UNAVAILABLE = 503;

/** With GET, as links are: forms may lead to no other host. Nothing is kept but in the browser's own cookies. */
export const singleSignOnRoutes: readonly Route[] = [
  route({ method: "GET", url: SINGLE_SIGN_ON_START, who: "anyone", handler: goThere }),
  route({ method: "GET", url: SINGLE_SIGN_ON_PATH, who: "anyone", handler: comeBack }),
];

async function goThere(visit: Visit): Promise<Answer> {
  try {
    const { url, memory } = await beginSingleSignOn(visit.people, whereOf(visit));
    const next = rememberNext(nextPage(visit.query.get("next")));
    return redirect(url, { cookies: [memoryCookie(memory), next] });
  } catch (error) {
    if (error instanceof Refusal && error.kind === "unavailable") return notSignedIn(visit, "unavailable", UNAVAILABLE);
    throw error;
  }
}

async function comeBack(visit: Visit): Promise<Answer> {
  const memory = visit.cookie(MEMORY_COOKIE) ?? "";
  const answer = await finishSingleSignOn(visit.people, { query: visit.query.toString(), memory }, whereOf(visit));
  switch (answer.kind) {
    case "signed-in":
      return redirect(rememberedNext(visit), { ...(await enter(visit, answer.userId)), cookies: [memoryCookie("")] });
    case "failed":
      return notSignedIn(visit, "failed", FORBIDDEN);
    case "not-allowed":
      return notSignedIn(visit, "notAllowed", FORBIDDEN);
    default:
      return impossible(answer);
  }
}

/** An empty one is forgotten by the browser. */
function memoryCookie(value: string): NonNullable<Answer["cookies"]>[number] {
  return { name: MEMORY_COOKIE, value, maxAgeSeconds: value === "" ? 0 : MEMORY_MAX_AGE_SECONDS };
}

function notSignedIn(visit: Visit, why: "failed" | "notAllowed" | "unavailable", status: number): Answer {
  const { text } = visit;
  return noticePage(visit, {
    status,
    title: text("signIn.single.title"),
    paragraphs: [text(`signIn.single.${why}`)],
    onward: { text: text("signIn.single.back"), href: "/sign-in" },
  });
}
