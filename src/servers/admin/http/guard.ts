/**
 * Lets a visit through to its page or says why not. Someone signed out is asked to sign in; a service is not found for those who are
 * not in it, whether it exists or not; a member without the permission is told so.
 */
import { impossible } from "../../../core/refusal.ts";
import type { MemberPermission } from "../../../records/sessions/session-store.ts";
import { asId } from "./ids.ts";
import type { PermissionRule, Who } from "./route.ts";
import type { ServiceVisit, SignedIn, UserVisit, Visit } from "./visit.ts";

/** What platform administrators may not do in a service that they are not a member of. */
const MEMBERS_ALONE: readonly MemberPermission[] = ["send_messages"];

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
  if (who === "member" || who === "reader" || typeof who === "object") return guardService(userVisit, who);
  return impossible(who);
}

type ServiceRule = "member" | "reader" | PermissionRule;

async function guardService(visit: UserVisit, rule: ServiceRule): Promise<Guarded> {
  const { visitor, app } = visit;
  const id = asId(visit.params["sid"]);
  if (id === undefined || !mayBelong(visitor, id)) return { kind: "not-found" };
  const service = await app.services.find(id);
  if (!service) return { kind: "not-found" };
  const isMember = visitor.memberships.has(service.id);
  const isReader = !isMember && !visitor.isPlatformAdmin && visitor.organisationIds.has(service.organisationId ?? "");
  if (!(isMember || isReader || visitor.isPlatformAdmin)) return { kind: "not-found" };
  if (service.archivedAt && !visitor.isPlatformAdmin) return { kind: "archived" };
  const may = (permission: MemberPermission) => mayInService(visitor, service.id, permission);
  const serviceVisit: ServiceVisit = { ...visit, service, isMember, isReader, may };
  return meets(serviceVisit, rule) ? { kind: "allowed", visit: serviceVisit } : { kind: "forbidden" };
}

/** Before the service is looked for: it is not worth the while for those who are in nothing that it could be in. */
function mayBelong({ memberships, isPlatformAdmin, organisationIds }: SignedIn, serviceId: string): boolean {
  return isPlatformAdmin || memberships.has(serviceId) || organisationIds.size > 0;
}

/** Whether someone was given a permission in a service, or has it as a platform administrator. */
export function mayInService(visitor: SignedIn, serviceId: string, permission: MemberPermission): boolean {
  if (visitor.memberships.get(serviceId)?.has(permission)) return true;
  return visitor.isPlatformAdmin && !MEMBERS_ALONE.includes(permission);
}

function meets({ isMember, isReader, may }: ServiceVisit, rule: ServiceRule): boolean {
  if (rule === "reader") return true;
  if (rule === "member") return !isReader;
  if (rule.membersOnly && !isMember) return false;
  return (rule.orReader === true && isReader) || [rule.permission].flat().some(may);
}
