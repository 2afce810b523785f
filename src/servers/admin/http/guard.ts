/**
 * Lets a visit through to its page or says why not. Someone signed out is asked to sign in; a service is not found for those who are
 * not in it, whether it exists or not; a member without the permission is told so.
 */
import { impossible } from "../../../core/refusal.ts";
import type { MemberPermission } from "../../../records/sessions/session-store.ts";
import type { PermissionRule, Who } from "./route.ts";
import type { ServiceVisit, SignedIn, UserVisit, Visit } from "./visit.ts";

/** What platform administrators may not do in a service that they are not a member of. */
const MEMBERS_ALONE: readonly MemberPermission[] = ["send_messages"];
const UUID = /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/i;

export type Guarded =
  | { kind: "allowed"; visit: Visit | UserVisit | ServiceVisit }
  | { kind: "sign-in-first" }
  | { kind: "not-found" }
  | { kind: "archived" }
  | { kind: "forbidden" };

export async function guard(visit: Visit, who: Who): Promise<Guarded> {
  if (who === "anyone") return { kind: "allowed", visit };
  if (who === "password-given")
    return visit.visitor.kind === who ? { kind: "allowed", visit } : { kind: "sign-in-first" };
  if (visit.visitor.kind !== "signed-in") return { kind: "sign-in-first" };
  const userVisit = { ...visit, visitor: visit.visitor };
  if (who === "signed-in") return { kind: "allowed", visit: userVisit };
  if (who === "platform-admin") {
    // Not even that there are such pages is told to others.
    return userVisit.visitor.isPlatformAdmin ? { kind: "allowed", visit: userVisit } : { kind: "not-found" };
  }
  if (who === "member" || typeof who === "object") return guardService(userVisit, who);
  return impossible(who);
}

async function guardService(visit: UserVisit, rule: "member" | PermissionRule): Promise<Guarded> {
  const id = visit.params["sid"] ?? "";
  const permissions = visit.visitor.memberships.get(id.toLowerCase());
  if (!UUID.test(id) || !(permissions || visit.visitor.isPlatformAdmin)) return { kind: "not-found" };
  const service = await visit.app.services.find(id.toLowerCase());
  if (!service) return { kind: "not-found" };
  if (service.archivedAt && !visit.visitor.isPlatformAdmin) return { kind: "archived" };
  const isMember = permissions !== undefined;
  const may = (permission: MemberPermission) => mayInService(visit.visitor, service.id, permission);
  const serviceVisit: ServiceVisit = { ...visit, service, isMember, may };
  return meets(serviceVisit, rule) ? { kind: "allowed", visit: serviceVisit } : { kind: "forbidden" };
}

/** Whether someone was given a permission in a service, or has it as a platform administrator. */
export function mayInService(visitor: SignedIn, serviceId: string, permission: MemberPermission): boolean {
  if (visitor.memberships.get(serviceId)?.has(permission)) return true;
  return visitor.isPlatformAdmin && !MEMBERS_ALONE.includes(permission);
}

function meets({ isMember, may }: ServiceVisit, rule: "member" | PermissionRule): boolean {
  if (rule === "member") return true;
  if (rule.membersOnly && !isMember) return false;
  return [rule.permission].flat().some(may);
}
