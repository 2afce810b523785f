/** Who may do what with a service: one table, and the question asked of it. */
import type { MemberPermission } from "../../records/services/member-store.ts";

/** What a visitor has to be for a capability; one of the list is enough. */
type Grant =
  | "member"
  | MemberPermission
  /** Both: folders are seen by people, and people are the manager's. */
  | "manage_templates+manage_service"
  /** Of the service's organisation, member of the service or not. */
  | "organisation"
  | "organisation-approver"
  | "platform";

const WHOLE_TEAM = ["member", "platform"] as const;
const MANAGERS = ["manage_service", "platform"] as const;
const KEY_HOLDERS = ["manage_api_keys", "platform"] as const;

/** A platform administrator is an overlay: where `platform` is missing, only a member of the service may. */
const GRANTS = {
  "see-dashboard": ["view_activity", "manage_service", "platform"],
  "see-inbox": ["view_activity", "platform"],
  "see-messages": WHOLE_TEAM,
  "see-message": ["send_messages", "view_activity", "platform"],
  "export-messages": ["view_activity", "platform"],
  "cancel-message": ["send_messages", "platform"],
  "see-templates": ["member", "organisation", "platform"],
  "edit-templates": ["manage_templates", "platform"],
  "share-folders": ["manage_templates+manage_service", "platform"],
  "send-messages": ["send_messages"],
  "see-team": ["member", "organisation", "platform"],
  "manage-team": MANAGERS,
  "see-usage": ["manage_service", "organisation", "platform"],
  "see-settings": ["manage_service", "manage_api_keys", "platform"],
  "manage-settings": MANAGERS,
  "see-audit": MANAGERS,
  "request-go-live": MANAGERS,
  "archive-trial-service": MANAGERS,
  "approve-go-live": ["organisation-approver", "platform"],
  "see-api-integration": KEY_HOLDERS,
  "manage-api-integration": KEY_HOLDERS,
  "create-api-key": ["manage_api_keys"],
  "process-unsubscribes": ["view_activity"],
  "set-limits": ["platform"],
  "suspend-service": ["platform"],
} as const satisfies Record<string, readonly Grant[]>;

export type Capability = keyof typeof GRANTS;

export const CAPABILITIES = Object.keys(GRANTS) as Capability[];

export interface Visitor {
  userId: string;
  /** Only while the view as a platform administrator is switched on. */
  isPlatformAdmin: boolean;
  memberships: readonly { serviceId: string; permissions: readonly MemberPermission[] }[];
  organisations: readonly { organisationId: string; mayMakeLive: boolean }[];
}

export interface VisitedService {
  id: string;
  organisationId: string | undefined;
  archivedAt: Date | undefined;
}

/** Whether the visitor may. An archived service is for platform administrators alone. */
export function mayDo(visitor: Visitor, capability: Capability, service: VisitedService): boolean {
  const grants: readonly Grant[] = GRANTS[capability];
  if (service.archivedAt) return visitor.isPlatformAdmin && grants.includes("platform");
  return grants.some((grant) => has(visitor, grant, service));
}

function has(visitor: Visitor, grant: Grant, service: VisitedService): boolean {
  const permissions = visitor.memberships.find(({ serviceId }) => serviceId === service.id)?.permissions;
  switch (grant) {
    case "platform":
      return visitor.isPlatformAdmin;
    case "member":
      return permissions !== undefined;
    case "organisation":
      return organisationOf(visitor, service) !== undefined;
    case "organisation-approver":
      return organisationOf(visitor, service)?.mayMakeLive === true;
    case "manage_templates+manage_service":
      return hasAll(permissions, ["manage_templates", "manage_service"]);
    default:
      return hasAll(permissions, [grant]);
  }
}

function hasAll(permissions: readonly MemberPermission[] = [], wanted: readonly MemberPermission[]): boolean {
  return wanted.every((permission) => permissions.includes(permission));
}

function organisationOf(visitor: Visitor, { organisationId }: VisitedService) {
  return visitor.organisations.find((organisation) => organisation.organisationId === organisationId);
}

/** The first page of a service for this visitor. */
export type ServiceHome = "dashboard" | "templates" | "usage";

export function serviceHome(visitor: Visitor, service: VisitedService): ServiceHome | undefined {
  if (mayDo(visitor, "see-dashboard", service) && !onlyManages(visitor, service)) return "dashboard";
  if (mayDo(visitor, "see-messages", service)) return "templates";
  return mayDo(visitor, "see-usage", service) ? "usage" : undefined;
}

/** A manager may look at the dashboard, and begins where the rest of the team does. */
function onlyManages(visitor: Visitor, service: VisitedService): boolean {
  return !visitor.isPlatformAdmin && !has(visitor, "view_activity", service);
}
