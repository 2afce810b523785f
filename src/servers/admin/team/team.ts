/** `/services/:sid/team`: who works on a service and who is invited, for everybody in it and in its organisation; changing it, for those who manage it. */
import type { Cell } from "../../../core/csv/write-csv.ts";
import { Refusal } from "../../../core/refusal.ts";
import { changeMember, removeMember } from "../../../flow/people/team.ts";
import { listPendingInvitations, type NamedInvitation } from "../../../records/invitations/invitation-store.ts";
import { type JoinRequest, listPendingJoinRequests } from "../../../records/join-requests/join-request-store.ts";
import { MEMBER_PERMISSIONS, type MemberPermission } from "../../../records/services/member-store.ts";
import { listTeam, type TeamMember } from "../../../records/services/team-store.ts";
import { listExcludedFolderIds } from "../../../records/templates/template-folder-store.ts";
import { actorOf } from "../http/actor.ts";
import { type Answer, redirect } from "../http/answer.ts";
import { csvAnswer } from "../http/csv.ts";
import { type Form, formOf, submit } from "../http/form.ts";
import { idIn } from "../http/ids.ts";
import { page } from "../http/page.ts";
import { type Route, route } from "../http/route.ts";
import type { ServiceVisit } from "../http/visit.ts";
import { type PermissionFields, permissionFields, permissionWords, readPermissionFields } from "./permission-fields.ts";

const TEAM = "/services/:sid/team";
const MEMBER = `${TEAM}/:uid`;
const MANAGER = { permission: "manage_service" } as const;
const TAKES_AWAY = { ...MANAGER, orReader: true } as const;

interface MemberRow extends TeamMember {
  isSelf: boolean;
  may: readonly string[];
  /** For who may change them. */
  url: string | undefined;
}

interface InvitationRow extends NamedInvitation {
  may: readonly string[];
  isExpired: boolean;
}

interface TeamPage {
  teamUrl: string;
  members: readonly MemberRow[];
  invitations: readonly InvitationRow[];
  joinRequests: readonly JoinRequest[];
  mayManage: boolean;
  /** For who may take the list away. */
  csvUrl: string | undefined;
  managersNeeded: number;
  auditUrl: string;
}

const showTeam = page<TeamPage>("team/team.njk");
const showMember = page<{ member: TeamMember; teamUrl: string; form: Form<"permissions">; fields: PermissionFields }>(
  "team/member.njk",
);
const showRemoval = page<{ member: TeamMember; url: string; serviceName: string; form: Form<"remove"> }>(
  "team/remove.njk",
);

export const teamRoutes: readonly Route[] = [
  route({ method: "GET", url: TEAM, who: "reader", handler: openTeam }),
  route({ method: "GET", url: `${TEAM}.csv`, who: TAKES_AWAY, handler: downloadTeam }),
  route({ method: "GET", url: MEMBER, who: MANAGER, handler: openMember }),
  route({ method: "POST", url: MEMBER, who: MANAGER, handler: saveMember }),
  route({ method: "GET", url: `${MEMBER}/remove`, who: MANAGER, handler: confirmRemoval }),
  route({ method: "POST", url: `${MEMBER}/remove`, who: MANAGER, handler: removeFromTeam }),
];

export function teamUrl({ service }: ServiceVisit): string {
  return `/services/${service.id}/team`;
}

async function openTeam(visit: ServiceVisit): Promise<Answer> {
  const { app, service, now } = visit;
  const mayManage = visit.may("manage_service");
  const [team, invitations, joinRequests] = await Promise.all([
    listTeam(app.db, service.id),
    listPendingInvitations(app.db, { serviceId: service.id }),
    mayManage ? listPendingJoinRequests(app.db, service.id) : [],
  ]);
  return showTeam(visit, {
    teamUrl: teamUrl(visit),
    members: team.map((member) => memberRow(visit, member)),
    invitations: invitations.map((invitation) => ({
      ...invitation,
      may: permissionWords(visit, invitation.permissions),
      isExpired: invitation.expiresAt <= now,
    })),
    joinRequests,
    mayManage,
    csvUrl: mayManage || visit.isReader ? `${teamUrl(visit)}.csv` : undefined,
    managersNeeded: service.isTrial ? 1 : 2,
    auditUrl: `/services/${service.id}/audit`,
  });
}

/** A row for each member and each invitation, with a column for each permission. */
async function downloadTeam(visit: ServiceVisit): Promise<Answer> {
  const { app, service, text } = visit;
  const [team, invitations] = await Promise.all([
    listTeam(app.db, service.id),
    listPendingInvitations(app.db, { serviceId: service.id }),
  ]);
  const given = (permissions: readonly MemberPermission[]) =>
    MEMBER_PERMISSIONS.map((one) => text(permissions.includes(one) ? "team.csv.yes" : "team.csv.no"));
  const heads = ["name", "emailAddress", "state", "since", "lastSignedIn"] as const;
  const day = (moment: Date | undefined) => moment?.toISOString() ?? "";
  return csvAnswer("team.csv", [
    [...heads.map((head) => text(`team.csv.${head}`)), ...MEMBER_PERMISSIONS.map((one) => text(`services.may.${one}`))],
    ...team.map(({ name, emailAddress, joinedAt, lastSignedInAt, permissions }): Cell[] => [
      ...[name, emailAddress, text("team.csv.member"), day(joinedAt), day(lastSignedInAt)],
      ...given(permissions),
    ]),
    ...invitations.map(({ emailAddress, createdAt, permissions }): Cell[] => [
      ...["", emailAddress, text("team.csv.invited"), day(createdAt), ""],
      ...given(permissions),
    ]),
  ]);
}

function memberRow(visit: ServiceVisit, member: TeamMember): MemberRow {
  const isSelf = member.userId === visit.visitor.userId;
  const mayChange = visit.may("manage_service") && !isSelf;
  const url = mayChange ? `${teamUrl(visit)}/${member.userId}` : undefined;
  return { ...member, isSelf, url, may: permissionWords(visit, member.permissions) };
}

/** A colleague of the service; nobody finds themselves here. */
async function getColleague(visit: ServiceVisit): Promise<TeamMember> {
  const userId = idIn(visit, "uid");
  if (userId === visit.visitor.userId)
    throw new Refusal("not-authorised", "Ask another manager: nobody changes their own permissions");
  const member = (await listTeam(visit.app.db, visit.service.id)).find((candidate) => candidate.userId === userId);
  if (member) return member;
  throw new Refusal("not-found", "They are not in the team");
}

async function openMember(visit: ServiceVisit): Promise<Answer> {
  const member = await getColleague(visit);
  const hiddenFolderIds = [...(await listExcludedFolderIds(visit.app.db, visit.service.id, member.userId))];
  const fields = await permissionFields(visit, { permissions: member.permissions, hiddenFolderIds });
  return showMember(visit, { member, teamUrl: teamUrl(visit), form: formOf({ permissions: "" }), fields });
}

async function saveMember(visit: ServiceVisit): Promise<Answer> {
  const member = await getColleague(visit);
  const { people, service, text } = visit;
  const ticked = await readPermissionFields(visit);
  return submit({
    values: { permissions: "" },
    refusedAt: "permissions",
    act: async () => {
      await changeMember(people, actorOf(visit), { serviceId: service.id, userId: member.userId, ...ticked });
      return redirect(teamUrl(visit), { flash: text("team.changed") });
    },
    showAgain: async (form) => {
      const { permissions, hiddenFolderIds = [] } = ticked;
      const fields = await permissionFields(visit, { permissions, hiddenFolderIds });
      return showMember(visit, { member, teamUrl: teamUrl(visit), form, fields });
    },
  });
}

async function confirmRemoval(visit: ServiceVisit): Promise<Answer> {
  return showRemovalOf(visit, await getColleague(visit), formOf({ remove: "" }));
}

function showRemovalOf(visit: ServiceVisit, member: TeamMember, form: Form<"remove">): Answer {
  const url = `${teamUrl(visit)}/${member.userId}`;
  return showRemoval(visit, { member, url, serviceName: visit.service.name, form });
}

async function removeFromTeam(visit: ServiceVisit): Promise<Answer> {
  const member = await getColleague(visit);
  const { people, service, text } = visit;
  return submit({
    values: { remove: "" },
    refusedAt: "remove",
    act: async () => {
      await removeMember(people, actorOf(visit), { serviceId: service.id, userId: member.userId });
      return redirect(teamUrl(visit), { flash: text("team.removed") });
    },
    showAgain: (form) => showRemovalOf(visit, member, form),
  });
}
