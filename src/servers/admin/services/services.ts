/** `/services`: the services one works in. */
import { listOrganisationsOfUser } from "../../../records/organisations/organisation-people-store.ts";
import { listServicesOfUser } from "../../../records/services/membership-store.ts";
import type { Answer } from "../http/answer.ts";
import { page } from "../http/page.ts";
import { type Route, route } from "../http/route.ts";
import type { UserVisit } from "../http/visit.ts";
import { groupByOrganisation, type ServiceGroup } from "./by-organisation.ts";
import { servicesToJoin } from "./join.ts";

const showServices = page<{ groups: readonly ServiceGroup[]; canJoin: boolean; sandboxUrl: string | undefined }>(
  "services/services.njk",
);

export const serviceRoutes: readonly Route[] = [
  route({ method: "GET", url: "/services", who: "signed-in", handler: listServices }),
];

async function listServices(visit: UserVisit): Promise<Answer> {
  const { app, visitor } = visit;
  const [services, organisations, toJoin] = await Promise.all([
    listServicesOfUser(app.db, visitor.userId),
    listOrganisationsOfUser(app.db, visitor.userId),
    servicesToJoin(visit),
  ]);
  return showServices(visit, {
    groups: groupByOrganisation(services, organisations),
    canJoin: toJoin.length > 0,
    sandboxUrl: visitor.isPlatformAdmin ? "/platform/sandbox" : undefined,
  });
}
