/** `/services`: the services one works in; and the first page of each. */

import { MEMBER_PERMISSIONS } from "../../../records/services/member-store.ts";
import { listServicesOfUser, type ServiceSummary } from "../../../records/services/membership-store.ts";
import type { Answer } from "../http/answer.ts";
import { page } from "../http/page.ts";
import { type Route, route } from "../http/route.ts";
import type { ServiceVisit, UserVisit } from "../http/visit.ts";

const showServices = page<{ live: readonly ServiceSummary[]; trial: readonly ServiceSummary[] }>(
  "services/services.njk",
);
const showHome = page<{ serviceName: string; isMember: boolean; may: readonly string[] }>("services/home.njk");

export const serviceRoutes: readonly Route[] = [
  route({ method: "GET", url: "/services", who: "signed-in", handler: listServices }),
  route({ method: "GET", url: "/services/:sid", who: "member", handler: openService }),
];

async function listServices(visit: UserVisit): Promise<Answer> {
  const services = await listServicesOfUser(visit.app.db, visit.visitor.userId);
  return showServices(visit, {
    live: services.filter(({ isTrial }) => !isTrial),
    trial: services.filter(({ isTrial }) => isTrial),
  });
}

function openService(visit: ServiceVisit): Answer {
  const { service, isMember, may, text } = visit;
  const allowed = MEMBER_PERMISSIONS.filter(may).map((permission) => text(`services.may.${permission}`));
  return showHome(visit, { serviceName: service.name, isMember, may: allowed });
}
