/** The services one works in, under the organisations that they belong to. */
import type { OrganisationMembership } from "../../../records/organisations/organisation-people-store.ts";
import type { ServiceSummary } from "../../../records/services/membership-store.ts";

export interface ServiceGroup {
  /** Undefined for services of no organisation. */
  organisation: string | undefined;
  /** Of the organisation's own page, for those who belong to it. */
  url: string | undefined;
  live: readonly ServiceSummary[];
  trial: readonly ServiceSummary[];
}

/** By the organisations' names, also those that one belongs to without working in a service of theirs; services of none come last. */
export function groupByOrganisation(
  services: readonly ServiceSummary[],
  organisations: readonly OrganisationMembership[],
): ServiceGroup[] {
  const names = new Map<string, string>();
  for (const { organisationId, organisation = "" } of services)
    if (organisationId) names.set(organisationId, organisation);
  for (const { organisationId, name } of organisations) names.set(organisationId, name);
  const ids = [...names.keys()].toSorted((a, b) => (names.get(a) ?? "").localeCompare(names.get(b) ?? ""));
  const own = new Set(organisations.map(({ organisationId }) => organisationId));
  const groups = ids.map((id) => groupOf(services, id, { name: names.get(id), isOwn: own.has(id) }));
  const rest = groupOf(services, undefined, { name: undefined, isOwn: false });
  return rest.live.length + rest.trial.length > 0 ? [...groups, rest] : groups;
}

function groupOf(
  services: readonly ServiceSummary[],
  id: string | undefined,
  { name, isOwn }: { name: string | undefined; isOwn: boolean },
): ServiceGroup {
  const its = services.filter(({ organisationId }) => organisationId === id);
  return {
    organisation: name,
    url: isOwn ? `/orgs/${id}` : undefined,
    live: its.filter(({ isTrial }) => !isTrial),
    trial: its.filter(({ isTrial }) => isTrial),
  };
}
