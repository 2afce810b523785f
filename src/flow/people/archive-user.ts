/**
 * Takes away the account of somebody who has left: they are taken from every team, signed out everywhere, and what they signed in with
 * is forgotten. Their name stays on what they did; the address may be used for a new account.
 */
import { Refusal } from "../../core/refusal.ts";
import type { Tx } from "../../platform/db.ts";
import { refusePendingJoinRequestsOf } from "../../records/join-requests/join-request-store.ts";
import { deleteOrganisationMemberships } from "../../records/organisations/organisation-people-store.ts";
import { deleteMember, listMemberships } from "../../records/services/member-store.ts";
import { lockService } from "../../records/services/team-store.ts";
import { revokeSessions } from "../../records/sessions/session-store.ts";
import { useUpLinks } from "../../records/sign-in/account-link-store.ts";
import { deleteSecondFactors } from "../../records/sign-in/factor-store.ts";
import { deleteIdentities } from "../../records/sign-in/identity-store.ts";
import { setUserArchived } from "../../records/users/account-store.ts";
import { type Actor, recordDeed } from "../actor.ts";
import { getUser } from "./own-account.ts";
import type { People } from "./people.ts";
import { takeFromTeam } from "./team.ts";

/** Refuses while a service would be left without its people: somebody else must be able to manage it first. */
export async function archiveUser(people: People, actor: Actor, userId: string): Promise<void> {
  if (actor.userId === userId) throw new Refusal("not-authorised", "Ask another administrator to do this for you");
  await getUser(people, userId);
  const now = people.clock.now();
  const serviceIds = await people.db.transaction(async (tx) => {
    const memberships = await listMemberships(tx, userId);
    const left = memberships.map(({ serviceId }) => serviceId).toSorted(); // everybody locks services in one order
    for (const serviceId of left) await leaveService(tx, actor, { serviceId, userId });
    await deleteOrganisationMemberships(tx, userId);
    await refusePendingJoinRequestsOf(tx, { userId, decidedBy: actor.userId, now });
    await forgetWaysIn(tx, userId, now);
    await setUserArchived(tx, userId, now);
    await recordDeed(tx, actor, { action: "user.archived", subject: `user ${userId}` });
    return left;
  });
  for (const serviceId of serviceIds) people.services.forget(serviceId);
}

async function leaveService(tx: Tx, actor: Actor, member: { serviceId: string; userId: string }): Promise<void> {
  const service = await lockService(tx, member.serviceId);
  if (!service || service.archivedAt || service.isInternal) return deleteMember(tx, member);
  try {
    await takeFromTeam(tx, actor, { service, userId: member.userId });
  } catch (error) {
    if (error instanceof Refusal && error.kind === "conflict")
      throw new Refusal("conflict", `${service.name}: ${error.message}`);
    throw error;
  }
}

async function forgetWaysIn(tx: Tx, userId: string, now: Date): Promise<void> {
  await revokeSessions(tx, { userId, now });
  await useUpLinks(tx, userId, now);
  await deleteSecondFactors(tx, userId);
  await deleteIdentities(tx, userId);
}
