/** Asking to join a service of one's own organisation: chosen managers are asked, and one of them decides. */
import { Refusal } from "../../core/refusal.ts";
import { violatedUniqueConstraint } from "../../platform/db.ts";
import { newId } from "../../platform/ids.ts";
import {
  findJoinRequest,
  insertJoinRequest,
  type JoinRequest,
  settleJoinRequest,
} from "../../records/join-requests/join-request-store.ts";
import {
  findOrganisation,
  findOrganisationOfAddress,
  listOrganisationServices,
  type OrganisationService,
} from "../../records/organisations/organisation-people-store.ts";
import type { MemberPermission } from "../../records/services/member-store.ts";
import { findMemberPermissions, listTeam, type TeamMember } from "../../records/services/team-store.ts";
import { type Actor, recordDeed } from "../actor.ts";
import { fieldRefusal } from "../form-refusal.ts";
import { getUser } from "./own-account.ts";
import { adminUrl, type People, type Where } from "./people.ts";
import { addMember, getLockedService } from "./team.ts";

const REASON_MAX_CHARACTERS = 2_000;

/** The services that a user may ask to join: those of the organisation of their address, if it takes requests. */
export async function listServicesToJoin(people: Pick<People, "db">, userId: string): Promise<OrganisationService[]> {
  const user = await getUser(people, userId);
  const organisationId = await findOrganisationOfAddress(people.db, user.emailAddress);
  const organisation = organisationId ? await findOrganisation(people.db, organisationId) : undefined;
  return organisation?.takesJoinRequests ? listOrganisationServices(people.db, organisation.id) : [];
}

/** Who can be asked, with when they were last here. */
export async function listManagers(people: Pick<People, "db">, serviceId: string): Promise<TeamMember[]> {
  const team = await listTeam(people.db, serviceId);
  return team.filter(({ permissions }) => permissions.includes("manage_service"));
}

export interface JoinForm {
  serviceId: string;
  managerIds: readonly string[];
  reason?: string | undefined;
}

/** Emails the chosen managers (`/services/<id>/join-requests/<id>`). Fields: `managerIds`, `reason`. Resolves with the request's id. */
export async function askToJoin(people: People, actor: Actor, form: JoinForm & Pick<Where, "origin">): Promise<string> {
  const { serviceId } = form;
  const reason = form.reason?.trim() || undefined;
  const asked = await checkJoin(people, actor, { ...form, reason });
  const managerIds = asked.map(({ userId }) => userId);
  const request = { id: newId(), serviceId, userId: actor.userId, reason, createdAt: people.clock.now(), managerIds };
  try {
    await people.db.transaction(async (tx) => {
      await getLockedService(tx, serviceId);
      if (await findMemberPermissions(tx, request)) throw new Refusal("conflict", "You are in the team already");
      await insertJoinRequest(tx, request);
      await recordDeed(tx, actor, { action: "join-request.made", serviceId, subject: `join request ${request.id}` });
    });
  } catch (error) {
    if (violatedUniqueConstraint(error)) throw new Refusal("conflict", "You have asked before, and wait for an answer");
    throw error;
  }
  await sendToManagers(people, { id: request.id, asked, origin: form.origin });
  return request.id;
}

async function checkJoin(people: People, actor: Actor, form: JoinForm): Promise<TeamMember[]> {
  const services = await listServicesToJoin(people, actor.userId);
  if (!services.some(({ id }) => id === form.serviceId))
    throw new Refusal("not-found", "There is no such service that you can ask to join");
  const managers = await listManagers(people, form.serviceId);
  const asked = managers.filter(({ userId }) => form.managerIds.includes(userId));
  if (asked.length === 0) throw fieldRefusal("managerIds", "managers-missing", "Choose at least one person to ask");
  if ((form.reason ?? "").length > REASON_MAX_CHARACTERS)
    throw fieldRefusal("reason", "reason-long", `The reason must be ${REASON_MAX_CHARACTERS} characters or fewer`);
  return asked;
}

async function sendToManagers(
  people: People,
  { id, asked, origin }: { id: string; asked: readonly TeamMember[]; origin: string },
): Promise<void> {
  const { serviceId, serviceName, userName, userEmailAddress, reason } = await getJoinRequest(people, id);
  const values = {
    requester: userName,
    "requester address": userEmailAddress,
    service: serviceName,
    "has reason": reason === undefined ? "no" : "yes",
    reason: reason ?? "",
    link: adminUrl(people, { origin }, `/services/${serviceId}/join-requests/${id}`),
  };
  for (const { emailAddress } of asked) await people.post.send({ kind: "join-request", to: emailAddress, values });
}

export async function getJoinRequest(people: Pick<People, "db">, id: string): Promise<JoinRequest> {
  const request = await findJoinRequest(people.db, id);
  if (request) return request;
  throw new Refusal("not-found", "There is no such request");
}

/** Lets them in with these permissions. By a manager who was asked, or a platform administrator; `conflict` once it is decided. */
export async function approveJoinRequest(
  people: People,
  actor: Actor,
  decision: {
    id: string;
    permissions: readonly MemberPermission[];
    hiddenFolderIds: readonly string[];
    origin: string;
  },
): Promise<void> {
  const { id, permissions, hiddenFolderIds, origin } = decision;
  const request = await decide(people, actor, { id, status: "approved", permissions, hiddenFolderIds });
  const link = adminUrl(people, { origin }, `/services/${request.serviceId}`);
  const manager = (await getUser(people, actor.userId)).name;
  const values = { name: request.userName, service: request.serviceName, manager, link };
  await people.post.send({ kind: "join-approved", to: request.userEmailAddress, values });
}

export async function refuseJoinRequest(people: People, actor: Actor, id: string): Promise<void> {
  const request = await decide(people, actor, { id, status: "refused", permissions: [], hiddenFolderIds: [] });
  const manager = (await getUser(people, actor.userId)).name;
  const values = { name: request.userName, service: request.serviceName, manager };
  await people.post.send({ kind: "join-refused", to: request.userEmailAddress, values });
}

interface Decision {
  id: string;
  status: "approved" | "refused";
  permissions: readonly MemberPermission[];
  hiddenFolderIds: readonly string[];
}

async function decide(people: People, actor: Actor, { id, status, ...given }: Decision): Promise<JoinRequest> {
  const request = await getJoinRequest(people, id);
  await refuseIfNotAsked(people, actor, request);
  const { serviceId, userId } = request;
  await people.db.transaction(async (tx) => {
    await getLockedService(tx, serviceId);
    const settled = await settleJoinRequest(tx, { id, status, decidedBy: actor.userId, now: people.clock.now() });
    if (!settled) throw new Refusal("conflict", "The request was decided before");
    await recordDeed(tx, actor, { action: `join-request.${status}`, serviceId, subject: `join request ${id}` });
    if (status === "approved") await addMember(tx, actor, { serviceId, userId, ...given });
  });
  people.services.forget(serviceId);
  return request;
}

/** One who was asked and is a manager still. */
async function refuseIfNotAsked(people: People, actor: Actor, request: JoinRequest): Promise<void> {
  const user = await getUser(people, actor.userId);
  const { serviceId, managerIds } = request;
  const permissions = await findMemberPermissions(people.db, { serviceId, userId: user.id });
  const isAsked = managerIds.includes(user.id) && permissions?.includes("manage_service");
  if (isAsked || user.isPlatformAdmin) return;
  throw new Refusal("not-authorised", "Another manager was asked to decide this");
}
