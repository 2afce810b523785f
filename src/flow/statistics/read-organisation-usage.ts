/** What an organisation's services have used in a financial year, up to the last hour that has been counted. */
import { financialYearDays } from "../../core/calendar/financial-year.ts";
import { getHomeMoney } from "../../records/deployment/home-money.ts";
import { listOrganisationTallies } from "../../records/statistics/statistics-store.ts";
import type { App } from "../app.ts";
import { isCharged, type UsageSums, usageBy, usageOf } from "./charges.ts";

export interface OrganisationUsage {
  /** By service; what is missing has used nothing. */
  byService: ReadonlyMap<string, UsageSums>;
  total: UsageSums;
}

/** Messages of test keys, and those that were taken back, are left out. */
export async function readOrganisationUsage(
  { db }: Pick<App, "db">,
  organisationId: string,
  financialYear: number,
): Promise<OrganisationUsage> {
  const tallies = (await listOrganisationTallies(db, organisationId, financialYearDays(financialYear)))
    .filter(isCharged)
    .map(({ day, ...tally }) => ({ ...tally, at: day }));
  const home = await getHomeMoney(db);
  return { byService: usageBy(tallies, ({ serviceId }) => serviceId, home), total: usageOf(tallies, home) };
}
