/** `/account`: what one's account says, and where each of it is changed. */

import { accountFactors } from "../../../flow/people/factors.ts";
import { changeName, getUser } from "../../../flow/people/own-account.ts";
import { setPlatformView } from "../../../flow/people/sessions.ts";
import { listSessions } from "../../../records/sessions/session-store.ts";
import type { FactorKind } from "../../../records/sign-in/factor-store.ts";
import { findAccount } from "../../../records/users/account-store.ts";
import type { User } from "../../../records/users/user-store.ts";
import { actorOf } from "../http/actor.ts";
import { type Answer, redirect } from "../http/answer.ts";
import { readFields } from "../http/form.ts";
import { page } from "../http/page.ts";
import { type Route, route } from "../http/route.ts";
import type { UserVisit } from "../http/visit.ts";
import { formRoutes } from "../plain/form-page.ts";
import { THEMES, themeOf } from "../theme/theme.ts";
import { appRoutes } from "./app.ts";
import { emailRoutes } from "./email.ts";
import { mobileRoutes } from "./mobile.ts";
import { passkeyRoutes } from "./passkeys.ts";
import { passwordRoutes } from "./password.ts";
import { ACCOUNT, changed, toAccount } from "./paths.ts";
import { recoveryCodeRoutes } from "./recovery-codes.ts";
import { secondFactorRoutes } from "./second-factors.ts";
import { sessionRoutes } from "./sessions.ts";

interface AccountPage {
  user: Pick<User, "name" | "emailAddress" | "mobileNumber">;
  hasPassword: boolean;
  passwordChangedAt: Date | undefined;
  factors: readonly FactorKind[];
  sessions: number;
  themes: readonly { value: string; text: string; checked: boolean }[];
  /** Undefined for who administers no platform. */
  platformView: "shown" | "hidden" | undefined;
}

const showAccount = page<AccountPage>("account/account.njk");

export const accountRoutes: readonly Route[] = [
  route({ method: "GET", url: ACCOUNT, who: "signed-in", handler: show }),
  ...formRoutes({
    url: "/account/name",
    who: "signed-in",
    fields: ["name"],
    page: ({ text, visitor }) => ({
      title: text("account.name.title"),
      fields: { name: { type: "text", label: text("account.name.label"), autocomplete: "name", value: visitor.name } },
      button: text("account.save"),
      otherwise: toAccount(text),
    }),
    act: async (visit, { name }) => {
      await changeName(visit.people, actorOf(visit), name);
      return changed(visit, "account.name.changed");
    },
  }),
  route({ method: "POST", url: "/account/platform-view", who: "signed-in", handler: switchPlatformView }),
  ...emailRoutes,
  ...mobileRoutes,
  ...passwordRoutes,
  ...secondFactorRoutes,
  ...appRoutes,
  ...passkeyRoutes,
  ...recoveryCodeRoutes,
  ...sessionRoutes,
];

async function show(visit: UserVisit): Promise<Answer> {
  const { app, people, visitor, text, now } = visit;
  const [user, account, factors, sessions] = await Promise.all([
    getUser(people, visitor.userId),
    findAccount(app.db, visitor.userId),
    accountFactors(people, visitor.userId),
    listSessions(app.db, visitor.userId, now),
  ]);
  return showAccount(visit, {
    user,
    hasPassword: user.passwordHash !== undefined,
    passwordChangedAt: account?.passwordChangedAt,
    factors: factors.kinds,
    sessions: sessions.length,
    themes: THEMES.map((value) => ({ value, text: text(`layout.theme.${value}`), checked: value === themeOf(visit) })),
    platformView: platformViewOf(visit),
  });
}

function platformViewOf({ visitor: { session } }: UserVisit): AccountPage["platformView"] {
  if (!session.isPlatformAdmin) return undefined;
  return session.hidesPlatformView ? "hidden" : "shown";
}

async function switchPlatformView(visit: UserVisit): Promise<Answer> {
  const hides = readFields(visit, ["view"]).view === "hidden";
  await setPlatformView(visit.app, actorOf(visit), { sessionId: visit.visitor.session.id, hides });
  return redirect(ACCOUNT);
}
