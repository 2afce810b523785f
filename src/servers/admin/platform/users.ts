/** `/platform/users`: everyone with an account; and each of them, for who is locked out or has left. */
import { archiveUser } from "../../../flow/people/archive-user.ts";
import { accountFactors } from "../../../flow/people/factors.ts";
import { getUser } from "../../../flow/people/own-account.ts";
import { removeSecondFactors } from "../../../flow/people/platform.ts";
import {
  listOrganisationsOfUser,
  type OrganisationMembership,
} from "../../../records/organisations/organisation-people-store.ts";
import { listSessions, type OpenSession } from "../../../records/sessions/session-store.ts";
import { type Account, findAccount } from "../../../records/users/account-store.ts";
import {
  listUserMemberships,
  listUserOverviews,
  type UserMembership,
  type UserOverview,
} from "../../../records/users/user-overview-store.ts";
import type { User } from "../../../records/users/user-store.ts";
import { actorOf } from "../http/actor.ts";
import { type Answer, redirect } from "../http/answer.ts";
import { type Form, formOf, submit } from "../http/form.ts";
import { idIn } from "../http/ids.ts";
import { page } from "../http/page.ts";
import { type Route, route } from "../http/route.ts";
import type { UserVisit } from "../http/visit.ts";
import { type ListPage, placeOf, readPage } from "./shown.ts";

const URL_OF_ONE = "/platform/users/:id";

interface UserData {
  user: Pick<User, "id" | "name" | "emailAddress" | "mobileNumber" | "isPlatformAdmin" | "createdAt">;
  account: Account | undefined;
  factors: readonly string[];
  memberships: readonly (UserMembership & { may: readonly string[] })[];
  organisations: readonly (OrganisationMembership & { url: string | undefined })[];
  sessions: readonly OpenSession[];
  isSelf: boolean;
}

const showUsers = page<{ list: ListPage<UserOverview> }>("platform/users.njk");
const showUser = page<UserData>("platform/user.njk");
const askArchive = page<{ user: Pick<User, "id" | "name">; form: Form<"archive"> }>("platform/archive-user.njk");
const askRemoval = page<{ user: Pick<User, "id" | "name"> }>("platform/remove-factors.njk");

export const platformUserRoutes: readonly Route[] = [
  route({ method: "GET", url: "/platform/users", who: "platform-admin", handler: listUsers }),
  route({ method: "GET", url: URL_OF_ONE, who: "platform-admin", handler: openUser }),
  route({ method: "GET", url: `${URL_OF_ONE}/second-factors`, who: "platform-admin", handler: askAboutFactors }),
  route({ method: "POST", url: `${URL_OF_ONE}/second-factors`, who: "platform-admin", handler: removeFactors }),
  route({ method: "GET", url: `${URL_OF_ONE}/archive`, who: "platform-admin", handler: askAboutArchive }),
  route({ method: "POST", url: `${URL_OF_ONE}/archive`, who: "platform-admin", handler: archive }),
];

async function listUsers(visit: UserVisit): Promise<Answer> {
  return showUsers(visit, { list: await readPage(visit, (at) => listUserOverviews(visit.app.db, at)) });
}

async function openUser(visit: UserVisit): Promise<Answer> {
  const { app, people, text, now } = visit;
  const user = await getUser(people, idIn(visit, "id"));
  const [account, { kinds }, memberships, organisations, sessions] = await Promise.all([
    findAccount(app.db, user.id),
    accountFactors(people, user.id),
    listUserMemberships(app.db, user.id),
    listOrganisationsOfUser(app.db, user.id),
    listSessions(app.db, user.id, now),
  ]);
  return showUser(visit, {
    user,
    account,
    factors: kinds.map((kind) => text(`platform.factor.${kind}`)),
    memberships: memberships.map((one) => ({
      ...one,
      may: one.permissions.map((permission) => text(`platform.permission.${permission}`)),
    })),
    organisations: organisations.map((one) => {
      return { ...one, url: placeOf(visit, { kind: "organisation", id: one.organisationId }) };
    }),
    sessions,
    isSelf: user.id === visit.visitor.userId,
  });
}

async function askAboutFactors(visit: UserVisit): Promise<Answer> {
  const user = await getUser(visit.people, idIn(visit, "id"));
  return askRemoval(visit, { user });
}

async function removeFactors(visit: UserVisit): Promise<Answer> {
  const userId = idIn(visit, "id");
  await removeSecondFactors(visit.people, actorOf(visit), userId);
  return redirect(`/platform/users/${userId}`, { flash: visit.text("platform.user.factorsRemoved") });
}

async function askAboutArchive(visit: UserVisit): Promise<Answer> {
  const user = await getUser(visit.people, idIn(visit, "id"));
  return askArchive(visit, { user, form: formOf({ archive: "" }) });
}

async function archive(visit: UserVisit): Promise<Answer> {
  const user = await getUser(visit.people, idIn(visit, "id"));
  return submit({
    values: { archive: "" },
    refusedAt: "archive",
    act: async () => {
      await archiveUser(visit.people, actorOf(visit), user.id);
      return redirect("/platform/users", { flash: visit.text("platform.user.archived") });
    },
    showAgain: (form) => askArchive(visit, { user, form }),
  });
}
