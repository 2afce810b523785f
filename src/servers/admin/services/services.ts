/** `/services`: the services one works in; and the first page of each. */
import { listOrganisationsOfUser } from "../../../records/organisations/organisation-people-store.ts";
import { MEMBER_PERMISSIONS } from "../../../records/services/member-store.ts";
import { listServicesOfUser } from "../../../records/services/membership-store.ts";
import type { Answer } from "../http/answer.ts";
import { page } from "../http/page.ts";
import { type Route, route } from "../http/route.ts";
import type { ServiceVisit, UserVisit } from "../http/visit.ts";
import { groupByOrganisation, type ServiceGroup } from "./by-organisation.ts";
import { servicesToJoin } from "./join.ts";

const showServices = page<{ groups: readonly ServiceGroup[]; canJoin: boolean }>("services/services.njk");
const showHome = page<{ serviceName: string; isMember: boolean; may: readonly string[] }>("services/home.njk");

export const serviceRoutes: readonly Route[] = [
  route({ method: "GET", url: "/services", who: "signed-in", handler: listServices }),
  route({ method: "GET", url: "/services/:sid", who: "member", handler: openService }),
];

async function listServices(visit: UserVisit): Promise<Answer> {
  const { app, visitor } = visit;
  const [services, organisations, toJoin] = await Promise.all([
    listServicesOfUser(app.db, visitor.userId),
    listOrganisationsOfUser(app.db, visitor.userId),
    servicesToJoin(visit),
  ]);
  return showServices(visit, { groups: groupByOrganisation(services, organisations), canJoin: toJoin.length > 0 });
}

function openService(visit: ServiceVisit): Answer {
  const { service, isMember, may, text } = visit;
  const allowed = MEMBER_PERMISSIONS.filter(may).map((permission) => text(`services.may.${permission}`));
  return showHome(visit, { serviceName: service.name, isMember, may: allowed });
}
