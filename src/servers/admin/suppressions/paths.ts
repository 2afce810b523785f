/** Where the suppression list is, and who may do what there. */
import type { ServiceVisit } from "../http/visit.ts";

export const SUPPRESSIONS = "/services/:sid/suppressions";
/** Whoever sees messages sees whom they do not go to, and so does whoever manages the service. */
export const MAY_SEE = { permission: ["view_activity", "manage_service"] } as const;
export const MAY_CHANGE = { permission: "manage_service" } as const;

export function suppressionsPath({ service }: Pick<ServiceVisit, "service">): string {
  return `/services/${service.id}/suppressions`;
}
