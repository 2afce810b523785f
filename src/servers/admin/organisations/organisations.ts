/** `/orgs/:oid`: an organisation's services. */
import { listOpenGoLiveRequests } from "../../../records/go-live/go-live-store.ts";
import { listOrganisationServices } from "../../../records/organisations/organisation-people-store.ts";
import type { Answer } from "../http/answer.ts";
import { page } from "../http/page.ts";
import { type Route, route } from "../http/route.ts";
import type { UserVisit } from "../http/visit.ts";
import { type OrganisationPage, organisationPage, visitOrganisation } from "./organisation-visit.ts";

interface ServiceRow {
  name: string;
  url: string;
  isTrial: boolean;
  isWaiting: boolean;
}

const showServices = page<OrganisationPage & { services: readonly ServiceRow[]; live: number; trial: number }>(
  "organisations/organisation.njk",
);

export const organisationRoutes: readonly Route[] = [
  route({ method: "GET", url: "/orgs/:oid", who: "signed-in", handler: openOrganisation }),
];

async function openOrganisation(userVisit: UserVisit): Promise<Answer> {
  const visit = await visitOrganisation(userVisit);
  const { app, organisation } = visit;
  const [services, requests] = await Promise.all([
    listOrganisationServices(app.db, organisation.id),
    listOpenGoLiveRequests(app.db, organisation.id),
  ]);
  const waiting = new Set(requests.map(({ serviceId }) => serviceId));
  const rows = services.map(({ id, name, isTrial }) => ({
    name,
    isTrial,
    url: `/services/${id}`,
    isWaiting: waiting.has(id),
  }));
  const trial = rows.filter(({ isTrial }) => isTrial).length;
  return showServices(visit, { ...organisationPage(visit), services: rows, trial, live: rows.length - trial });
}
