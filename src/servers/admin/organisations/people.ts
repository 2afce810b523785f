/** `/orgs/:oid/team`: who belongs to an organisation, and who is invited to. */
import { Refusal } from "../../../core/refusal.ts";
import { cancelInvitation, inviteToOrganisation, resendInvitation } from "../../../flow/people/invitations.ts";
import { changeOrganisationMember, removeOrganisationMember } from "../../../flow/people/organisations.ts";
import { listPendingInvitations, type NamedInvitation } from "../../../records/invitations/invitation-store.ts";
import {
  listOrganisationMembers,
  type OrganisationMember,
} from "../../../records/organisations/organisation-people-store.ts";
import { actorOf } from "../http/actor.ts";
import { type Answer, redirect } from "../http/answer.ts";
import { type Form, formOf, readFields, readList, submit } from "../http/form.ts";
import { idIn } from "../http/ids.ts";
import { page } from "../http/page.ts";
import { type Route, route } from "../http/route.ts";
import type { UserVisit } from "../http/visit.ts";
import {
  type OrganisationPage,
  type OrganisationVisit,
  organisationPage,
  organisationUrl,
  refuseUnlessMayMakeLive,
  visitOrganisation,
} from "./organisation-visit.ts";

const TEAM = "/orgs/:oid/team";
const MEMBER = `${TEAM}/:uid`;
const INVITATION = `${TEAM}/invitations/:iid`;
const MAY_MAKE_LIVE = "make-live";

interface TeamPage extends OrganisationPage {
  teamUrl: string;
  members: readonly (OrganisationMember & { isSelf: boolean; url: string | undefined })[];
  invitations: readonly (NamedInvitation & { isExpired: boolean })[];
}

interface InvitePage extends OrganisationPage {
  teamUrl: string;
  form: Form<"emailAddress">;
  /** Only who may make services live lets others do it. */
  mayGive: boolean;
  mayMakeLive: boolean;
}

const showTeam = page<TeamPage>("organisations/team.njk");
const showInvite = page<InvitePage>("organisations/invite.njk");
const showMember = page<OrganisationPage & { teamUrl: string; member: OrganisationMember }>("organisations/member.njk");

export const organisationPeopleRoutes: readonly Route[] = [
  route({ method: "GET", url: TEAM, who: "signed-in", handler: openTeam }),
  route({ method: "GET", url: `${TEAM}/invite`, who: "signed-in", handler: askWhom }),
  route({ method: "POST", url: `${TEAM}/invite`, who: "signed-in", handler: invite }),
  route({ method: "POST", url: `${INVITATION}/resend`, who: "signed-in", handler: sendAgain }),
  route({ method: "POST", url: `${INVITATION}/cancel`, who: "signed-in", handler: cancel }),
  route({ method: "GET", url: MEMBER, who: "signed-in", handler: openMember }),
  route({ method: "POST", url: MEMBER, who: "signed-in", handler: saveMember }),
  route({ method: "POST", url: `${MEMBER}/remove`, who: "signed-in", handler: remove }),
];

function teamUrl(visit: OrganisationVisit): string {
  return `${organisationUrl(visit)}/team`;
}

async function openTeam(userVisit: UserVisit): Promise<Answer> {
  const visit = await visitOrganisation(userVisit);
  const { app, organisation, now } = visit;
  const [members, invitations] = await Promise.all([
    listOrganisationMembers(app.db, organisation.id),
    listPendingInvitations(app.db, { organisationId: organisation.id }),
  ]);
  return showTeam(visit, {
    ...organisationPage(visit),
    teamUrl: teamUrl(visit),
    members: members.map((member) => memberRow(visit, member)),
    invitations: invitations.map((invitation) => ({ ...invitation, isExpired: invitation.expiresAt <= now })),
  });
}

function memberRow(visit: OrganisationVisit, member: OrganisationMember): TeamPage["members"][number] {
  const isSelf = member.userId === visit.visitor.userId;
  const url = visit.mayMakeLive && !isSelf ? `${teamUrl(visit)}/${member.userId}` : undefined;
  return { ...member, isSelf, url };
}

async function askWhom(userVisit: UserVisit): Promise<Answer> {
  return showInviteForm(await visitOrganisation(userVisit), formOf({ emailAddress: "" }));
}

function showInviteForm(visit: OrganisationVisit, form: Form<"emailAddress">): Answer {
  const mayMakeLive = isTicked(visit);
  const given = { teamUrl: teamUrl(visit), form, mayGive: visit.mayMakeLive, mayMakeLive };
  return showInvite(visit, { ...organisationPage(visit), ...given });
}

function isTicked(visit: OrganisationVisit): boolean {
  return readList(visit, "permissions").includes(MAY_MAKE_LIVE);
}

async function invite(userVisit: UserVisit): Promise<Answer> {
  const visit = await visitOrganisation(userVisit);
  const { people, organisation, origin, text } = visit;
  const { emailAddress } = readFields(visit, ["emailAddress"]);
  const mayMakeLive = visit.mayMakeLive && isTicked(visit);
  return submit({
    values: { emailAddress },
    refusedAt: "emailAddress",
    act: async () => {
      const form = { organisationId: organisation.id, emailAddress, mayMakeLive, origin };
      await inviteToOrganisation(people, actorOf(visit), form);
      return redirect(teamUrl(visit), { flash: text("team.invited") });
    },
    showAgain: (form) => showInviteForm(visit, form),
  });
}

/** One that waits for an answer, to this organisation; one that lets somebody make services live is theirs who may themselves. */
async function getWaitingId(visit: OrganisationVisit): Promise<string> {
  const id = idIn(visit, "iid");
  const waiting = await listPendingInvitations(visit.app.db, { organisationId: visit.organisation.id });
  const invitation = waiting.find((candidate) => candidate.id === id);
  if (!invitation) throw new Refusal("not-found", "There is no such invitation");
  if (invitation.mayMakeLive) refuseUnlessMayMakeLive(visit);
  return id;
}

async function sendAgain(userVisit: UserVisit): Promise<Answer> {
  const visit = await visitOrganisation(userVisit);
  await resendInvitation(visit.people, actorOf(visit), { id: await getWaitingId(visit), origin: visit.origin });
  return redirect(teamUrl(visit), { flash: visit.text("team.sentAgain") });
}

async function cancel(userVisit: UserVisit): Promise<Answer> {
  const visit = await visitOrganisation(userVisit);
  await cancelInvitation(visit.people, actorOf(visit), await getWaitingId(visit));
  return redirect(teamUrl(visit), { flash: visit.text("team.cancelled") });
}

/** Somebody else of the organisation, for who may change what they may do. */
async function visitMember(userVisit: UserVisit): Promise<{ visit: OrganisationVisit; member: OrganisationMember }> {
  const visit = await visitOrganisation(userVisit);
  refuseUnlessMayMakeLive(visit);
  const userId = idIn(visit, "uid");
  const members = await listOrganisationMembers(visit.app.db, visit.organisation.id);
  const member = members.find((candidate) => candidate.userId === userId);
  if (!member) throw new Refusal("not-found", "They do not belong to the organisation");
  if (userId === visit.visitor.userId)
    throw new Refusal("not-authorised", "Ask somebody else: nobody changes what they may do themselves");
  return { visit, member };
}

async function openMember(userVisit: UserVisit): Promise<Answer> {
  const { visit, member } = await visitMember(userVisit);
  return showMember(visit, { ...organisationPage(visit), teamUrl: teamUrl(visit), member });
}

async function saveMember(userVisit: UserVisit): Promise<Answer> {
  const { visit, member } = await visitMember(userVisit);
  const { people, organisation, text } = visit;
  const change = { organisationId: organisation.id, userId: member.userId, mayMakeLive: isTicked(visit) };
  await changeOrganisationMember(people, actorOf(visit), change);
  return redirect(teamUrl(visit), { flash: text("team.changed") });
}

async function remove(userVisit: UserVisit): Promise<Answer> {
  const { visit, member } = await visitMember(userVisit);
  const { people, organisation, text } = visit;
  await removeOrganisationMember(people, actorOf(visit), { organisationId: organisation.id, userId: member.userId });
  return redirect(teamUrl(visit), { flash: text("organisations.removed") });
}
