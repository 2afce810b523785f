/** Who works on a service: nobody edits themselves, the last one stays, and there are always enough to manage it. */
import { Refusal } from "../../core/refusal.ts";
import type { Tx } from "../../platform/db.ts";
import { leaveConversations } from "../../records/inbound-messages/conversation-state-store.ts";
import { deleteOwnMessageViews } from "../../records/searches/message-view-store.ts";
import {
  deleteMember,
  insertMember,
  MEMBER_PERMISSIONS,
  type MemberPermission,
  updateMember,
} from "../../records/services/member-store.ts";
import {
  findMemberPermissions,
  listTeam,
  lockService,
  type ServiceState,
  type TeamMember,
} from "../../records/services/team-store.ts";
import { replaceExcludedFolders } from "../../records/templates/template-folder-store.ts";
import { type Actor, recordDeed } from "../actor.ts";
import type { People } from "./people.ts";

/** A service that sends to anyone, or asks to, does not hang on one person. */
const LIVE_MANAGERS_MIN = 2;
const TRIAL_MANAGERS_MIN = 1;

export interface MemberChange {
  serviceId: string;
  userId: string;
  permissions: readonly MemberPermission[];
  /** Folders of templates that they do not see; left out, it stays as it is. */
  hiddenFolderIds?: readonly string[] | undefined;
}

/** The whole of a form's ticks, in the order that we keep them; what is unknown is left out. */
export function permissionsFrom(ticked: readonly string[]): MemberPermission[] {
  return MEMBER_PERMISSIONS.filter((permission) => ticked.includes(permission));
}

export async function changeMember(people: People, actor: Actor, change: MemberChange): Promise<void> {
  const { serviceId, userId, permissions, hiddenFolderIds } = change;
  refuseSelf(actor, userId);
  await people.db.transaction(async (tx) => {
    const service = await getLockedService(tx, serviceId);
    const before = await getPermissions(tx, change);
    await updateMember(tx, { serviceId, userId, permissions });
    if (losesManager(before, permissions)) await refuseTooFewManagers(tx, service);
    if (!permissions.includes("view_activity")) await leaveConversations(tx, change);
    if (hiddenFolderIds) await replaceExcludedFolders(tx, { serviceId, userId }, hiddenFolderIds);
    await recordDeed(tx, actor, {
      ...memberDeed("member.changed", serviceId, userId),
      before: { permissions: before },
      after: { permissions, ...(hiddenFolderIds ? { hiddenFolderIds } : {}) },
    });
  });
  people.services.forget(serviceId);
}

export async function removeMember(
  people: People,
  actor: Actor,
  { serviceId, userId }: { serviceId: string; userId: string },
): Promise<void> {
  refuseSelf(actor, userId);
  await people.db.transaction(async (tx) => {
    const service = await getLockedService(tx, serviceId);
    await takeFromTeam(tx, actor, { service, userId });
  });
  people.services.forget(serviceId);
}

/** Somebody leaves the team of a service that is locked, with what is theirs alone. Refuses to leave it without its people. */
export async function takeFromTeam(
  tx: Tx,
  actor: Actor,
  { service, userId }: { service: ServiceState; userId: string },
): Promise<void> {
  const member = { serviceId: service.id, userId };
  const before = await getPermissions(tx, member);
  await deleteMember(tx, member);
  const team = await listTeam(tx, service.id);
  if (team.length === 0) throw new Refusal("conflict", "The last team member cannot be removed");
  if (losesManager(before, [])) refuseFewManagers(team, service);
  await replaceExcludedFolders(tx, member, []);
  await deleteOwnMessageViews(tx, member);
  await leaveConversations(tx, member);
  await recordDeed(tx, actor, {
    ...memberDeed("member.removed", service.id, userId),
    before: { permissions: before },
  });
}

/** Adds somebody, or gives who is there already what is said now as well. */
export async function addMember(tx: Tx, actor: Actor, change: MemberChange): Promise<void> {
  const { serviceId, userId, permissions, hiddenFolderIds = [] } = change;
  if (await findMemberPermissions(tx, change)) return;
  await insertMember(tx, { serviceId, userId, permissions });
  await replaceExcludedFolders(tx, { serviceId, userId }, hiddenFolderIds);
  await recordDeed(tx, actor, {
    ...memberDeed("member.added", serviceId, userId),
    after: { permissions, hiddenFolderIds },
  });
}

/** The service for the rest of the transaction. Refuses one that is unknown, archived, or Pennypost's own. */
export async function getLockedService(tx: Tx, serviceId: string): Promise<ServiceState> {
  const service = await lockService(tx, serviceId);
  if (service && !service.archivedAt && !service.isInternal) return service;
  throw new Refusal("not-found", "There is no such service");
}

async function getPermissions(
  tx: Tx,
  member: { serviceId: string; userId: string },
): Promise<readonly MemberPermission[]> {
  const permissions = await findMemberPermissions(tx, member);
  if (permissions) return permissions;
  throw new Refusal("not-found", "They are not in the team");
}

function refuseSelf(actor: Actor, userId: string): void {
  if (actor.userId !== userId) return;
  throw new Refusal("not-authorised", "Ask another manager: nobody changes their own permissions");
}

function losesManager(before: readonly MemberPermission[], after: readonly MemberPermission[]): boolean {
  return before.includes("manage_service") && !after.includes("manage_service");
}

async function refuseTooFewManagers(tx: Tx, service: ServiceState): Promise<void> {
  refuseFewManagers(await listTeam(tx, service.id), service);
}

/** Reckoned after the change, which is taken back with the transaction. */
function refuseFewManagers(team: readonly TeamMember[], service: ServiceState): void {
  const managers = team.filter(({ permissions }) => permissions.includes("manage_service")).length;
  const wanted = service.isTrial && !service.hasOpenGoLiveRequest ? TRIAL_MANAGERS_MIN : LIVE_MANAGERS_MIN;
  if (managers >= wanted) return;
  throw new Refusal(
    "conflict",
    `The service needs at least ${wanted === 1 ? "one team member" : `${wanted} team members`} who can manage it`,
  );
}

function memberDeed(action: string, serviceId: string, userId: string) {
  return { action, serviceId, subject: `user ${userId}` };
}
