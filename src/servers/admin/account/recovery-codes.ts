/** `/account/recovery-codes`: made by POST and shown in its answer, the only time that anybody sees them. */
import { accountFactors } from "../../../flow/people/factors.ts";
import { makeRecoveryCodes } from "../../../flow/people/recovery-codes.ts";
import { actorOf } from "../http/actor.ts";
import type { Answer } from "../http/answer.ts";
import { page } from "../http/page.ts";
import { type Route, route } from "../http/route.ts";
import type { UserVisit } from "../http/visit.ts";
import { type FormPage, formPage } from "../plain/form-page.ts";
import { noticePage } from "../plain/notice-page.ts";
import { SECOND_FACTORS, toFactors } from "./paths.ts";

const CODES = "/account/recovery-codes";

const showCodes = page<{ codes: readonly string[]; madeOn: Date }>("account/recovery-codes.njk");

export const recoveryCodeRoutes: readonly Route[] = [
  route({ method: "GET", url: CODES, who: "signed-in", handler: ask }),
  route({ method: "POST", url: CODES, who: "signed-in", handler: make }),
];

async function ask(visit: UserVisit): Promise<Answer> {
  const { kinds, recoveryCodesLeft } = await accountFactors(visit.people, visit.visitor.userId);
  return kinds.length === 0 ? needsAnother(visit) : formPage(visit, question(visit, recoveryCodesLeft));
}

function question({ text }: UserVisit, left: number): FormPage<never> {
  return {
    title: text("accountFactors.recovery.title"),
    paragraphs: [
      text("accountFactors.recovery.explain"),
      ...(left > 0 ? [text("accountFactors.recovery.replaces", { count: left })] : []),
    ],
    fields: {},
    button: text("accountFactors.recovery.button"),
    otherwise: toFactors(text),
  };
}

async function make(visit: UserVisit): Promise<Answer> {
  const { kinds } = await accountFactors(visit.people, visit.visitor.userId);
  if (kinds.length === 0) return needsAnother(visit);
  return showCodes(visit, { codes: await makeRecoveryCodes(visit.people, actorOf(visit)), madeOn: visit.now });
}

/** They stand in for another second factor: alone they would be none. */
function needsAnother(visit: UserVisit): Answer {
  const { text } = visit;
  return noticePage(visit, {
    title: text("accountFactors.recovery.title"),
    paragraphs: [text("accountFactors.recovery.needsAnother")],
    onward: { text: text("accountFactors.title"), href: SECOND_FACTORS },
  });
}
