/** `/orgs/:oid`: an organisation's services, with what they have used. */

import { addUsage, NO_USAGE, type UsageSums } from "../../../flow/statistics/charges.ts";
import { readOrganisationUsage } from "../../../flow/statistics/read-organisation-usage.ts";
import { listOpenGoLiveRequests } from "../../../records/go-live/go-live-store.ts";
import { listOrganisationServices } from "../../../records/organisations/organisation-people-store.ts";
import type { Answer } from "../http/answer.ts";
import { csvAnswer } from "../http/csv.ts";
import { page } from "../http/page.ts";
import { type Route, route } from "../http/route.ts";
import type { UserVisit } from "../http/visit.ts";
import { type YearLink, yearAskedFor, yearLinks } from "../usage/years.ts";
import {
  type OrganisationPage,
  type OrganisationVisit,
  organisationPage,
  organisationUrl,
  visitOrganisation,
} from "./organisation-visit.ts";

interface ServiceRow {
  name: string;
  url: string;
  isTrial: boolean;
  isWaiting: boolean;
  usage: UsageSums;
}

interface ServicesPage extends OrganisationPage {
  services: readonly ServiceRow[];
  live: number;
  trial: number;
  /** Of services that have been deleted since, where they have used anything. */
  former: UsageSums | undefined;
  total: UsageSums;
  years: readonly YearLink[];
  csvUrl: string;
}

const showServices = page<ServicesPage>("organisations/organisation.njk");

export const organisationRoutes: readonly Route[] = [
  route({ method: "GET", url: "/orgs/:oid", who: "signed-in", handler: openOrganisation }),
  route({ method: "GET", url: "/orgs/:oid/usage.csv", who: "signed-in", handler: downloadUsage }),
];

async function openOrganisation(userVisit: UserVisit): Promise<Answer> {
  const visit = await visitOrganisation(userVisit);
  const here = organisationUrl(visit);
  const year = yearAskedFor(visit);
  const [{ rows, former, total }, requests] = await Promise.all([
    usageRows(visit, year),
    listOpenGoLiveRequests(visit.app.db, visit.organisation.id),
  ]);
  const waiting = new Set(requests.map(({ serviceId }) => serviceId));
  const services = rows.map(({ id, ...row }) => ({ ...row, url: `/services/${id}`, isWaiting: waiting.has(id) }));
  const trial = rows.filter(({ isTrial }) => isTrial).length;
  return showServices(visit, {
    ...organisationPage(visit),
    ...{ services, trial, live: rows.length - trial, former, total },
    years: yearLinks(visit, here, year),
    csvUrl: `${here}/usage.csv?year=${year}`,
  });
}

async function downloadUsage(userVisit: UserVisit): Promise<Answer> {
  const visit = await visitOrganisation(userVisit);
  const { text } = visit;
  const year = yearAskedFor(visit);
  const { rows, former } = await usageRows(visit, year);
  const columns = ["emails", "texts", "fragments", "letters", "sheets", "cost"] as const;
  const heads = [text("organisations.service"), ...columns.map((column) => text(`usage.column.${column}`))];
  const line = (name: string, { emails, texts, fragments, letters, sheets, cost }: UsageSums) => {
    return [name, emails, texts, fragments, letters, sheets, cost];
  };
  const lines = rows.map(({ name, usage }) => line(name, usage));
  const rest = former ? [line(text("organisations.former"), former)] : [];
  return csvAnswer(`usage-${year}-${year + 1}.csv`, [heads, ...lines, ...rest]);
}

async function usageRows({ app, organisation }: OrganisationVisit, year: number) {
  const [services, { byService, total }] = await Promise.all([
    listOrganisationServices(app.db, organisation.id),
    readOrganisationUsage(app, organisation.id, year),
  ]);
  const present = new Set(services.map(({ id }) => id));
  const gone = [...byService].filter(([id]) => !present.has(id)).map(([, usage]) => usage);
  const rows = services.map((service) => ({ ...service, usage: byService.get(service.id) ?? NO_USAGE }));
  return { rows, total, former: gone.length > 0 ? addUsage(gone) : undefined };
}
