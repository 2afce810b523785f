/** `/account/second-factors`: what one has for the second step, and texts and links by email among it. */
import { Refusal } from "../../../core/refusal.ts";
import {
  type AccountFactors,
  accountFactors,
  addEmailLinkFactor,
  beginTextFactor,
  confirmTextFactor,
  removeFactor,
} from "../../../flow/people/factors.ts";
import { getUser } from "../../../flow/people/own-account.ts";
import type { StoredFactorKind } from "../../../records/sign-in/factor-store.ts";
import { actorOf } from "../http/actor.ts";
import { type Answer, redirect } from "../http/answer.ts";
import { page } from "../http/page.ts";
import { type Route, route } from "../http/route.ts";
import type { UserVisit } from "../http/visit.ts";
import { formRoutes } from "../plain/form-page.ts";
import { factorChanged, SECOND_FACTORS, TEXT_CODE, toFactors } from "./paths.ts";

/** Kept with the account, and removed by their kind. */
const REMOVABLE: readonly StoredFactorKind[] = ["text", "email-link", "app"];
const TEXT = `${SECOND_FACTORS}/text`;

interface FactorsPage extends AccountFactors {
  mobileNumber: string | undefined;
  emailAddress: string;
}

const showFactors = page<FactorsPage>("account/second-factors.njk");

export const secondFactorRoutes: readonly Route[] = [
  route({ method: "GET", url: SECOND_FACTORS, who: "signed-in", handler: show }),
  ...formRoutes({
    url: TEXT,
    who: "signed-in",
    fields: [],
    page: ({ text }) => ({
      title: text("accountFactors.text.title"),
      paragraphs: [text("accountFactors.text.explain")],
      fields: {},
      button: text("accountFactors.text.button"),
      otherwise: toFactors(text),
    }),
    act: async (visit) => {
      await beginTextFactor(visit.people, actorOf(visit));
      return redirect(TEXT_CODE);
    },
  }),
  ...formRoutes({
    url: TEXT_CODE,
    who: "signed-in",
    fields: ["code"],
    page: ({ text }) => ({
      title: text("accountFactors.text.code.title"),
      paragraphs: [text("accountFactors.text.code.explain")],
      fields: { code: { type: "code", label: text("accountFactors.text.code.label") } },
      button: text("accountFactors.text.code.button"),
      otherwise: { text: text("accountFactors.text.code.again"), href: TEXT },
    }),
    act: async (visit, { code }) => {
      await confirmTextFactor(visit.people, actorOf(visit), code);
      return factorChanged(visit, "accountFactors.text.changed");
    },
  }),
  ...formRoutes({
    url: `${SECOND_FACTORS}/email-link`,
    who: "signed-in",
    fields: [],
    page: ({ text, visitor }) => ({
      title: text("accountFactors.emailLink.title"),
      paragraphs: [text("accountFactors.emailLink.explain", { address: visitor.session.emailAddress })],
      fields: {},
      button: text("accountFactors.emailLink.button"),
      otherwise: toFactors(text),
    }),
    act: async (visit) => {
      await addEmailLinkFactor(visit.people, actorOf(visit));
      return factorChanged(visit, "accountFactors.emailLink.changed");
    },
  }),
  ...formRoutes({
    url: `${SECOND_FACTORS}/:kind/removal`,
    who: "signed-in",
    fields: ["password"],
    page: (visit) => ({
      title: visit.text(`accountFactors.remove.${kindOf(visit)}`),
      paragraphs: [visit.text("accountFactors.remove.explain")],
      fields: { password: { type: "password", label: visit.text("account.password.current") } },
      button: visit.text("accountFactors.remove.button"),
      isWarning: true,
      otherwise: toFactors(visit.text),
    }),
    act: async (visit, { password }) => {
      await removeFactor(visit.people, actorOf(visit), { kind: kindOf(visit), password });
      return factorChanged(visit, "accountFactors.remove.changed");
    },
  }),
];

async function show(visit: UserVisit): Promise<Answer> {
  const { people, visitor } = visit;
  const [user, factors] = await Promise.all([getUser(people, visitor.userId), accountFactors(people, visitor.userId)]);
  return showFactors(visit, { ...factors, mobileNumber: user.mobileNumber, emailAddress: user.emailAddress });
}

function kindOf({ params }: UserVisit): StoredFactorKind {
  const kind = REMOVABLE.find((known) => known === params["kind"]);
  if (kind) return kind;
  throw new Refusal("not-found", "There is no such second factor");
}
