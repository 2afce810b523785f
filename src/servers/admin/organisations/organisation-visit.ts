/** A visit to an organisation's pages, by someone who belongs to it or runs the platform; for others there is no such organisation. */
import { Refusal } from "../../../core/refusal.ts";
import { getOrganisation } from "../../../flow/people/organisations.ts";
import {
  listOrganisationsOfUser,
  type OrganisationDetails,
} from "../../../records/organisations/organisation-people-store.ts";
import { idIn } from "../http/ids.ts";
import type { UserVisit } from "../http/visit.ts";

export interface OrganisationVisit extends UserVisit {
  organisation: OrganisationDetails;
  /** May decide which services go live, and so who else may: by the organisation's word, or as a platform administrator. */
  mayMakeLive: boolean;
}

/** A page of an organisation, as it stands above and beside its contents. */
export interface OrganisationPage {
  organisation: OrganisationDetails;
  /** The organisation's pages that the visitor may open. */
  places: readonly { text: string; href: string; isHere: boolean }[];
}

export async function visitOrganisation(visit: UserVisit): Promise<OrganisationVisit> {
  const { app, people, visitor } = visit;
  const id = idIn(visit, "oid");
  const memberships = await listOrganisationsOfUser(app.db, visitor.userId);
  const membership = memberships.find(({ organisationId }) => organisationId === id);
  if (!membership && !visitor.isPlatformAdmin) throw notFound();
  const organisation = await getOrganisation(people, id);
  return { ...visit, organisation, mayMakeLive: visitor.isPlatformAdmin || membership?.mayMakeLive === true };
}

function notFound(): Refusal {
  return new Refusal("not-found", "There is no such organisation");
}

export function refuseUnlessMayMakeLive({ mayMakeLive }: OrganisationVisit): void {
  if (!mayMakeLive) throw new Refusal("not-authorised", "Ask someone who may make services live");
}

export function organisationUrl({ organisation }: Pick<OrganisationVisit, "organisation">): string {
  return `/orgs/${organisation.id}`;
}

export function organisationPage(visit: OrganisationVisit): OrganisationPage {
  const { text, organisation, mayMakeLive, visitor, url } = visit;
  const home = organisationUrl(visit);
  const [path = ""] = url.split("?");
  const places = [
    { name: "services", href: home, isOpen: true },
    { name: "team", href: `${home}/team`, isOpen: true },
    { name: "approvals", href: `${home}/approvals`, isOpen: mayMakeLive },
    { name: "balance", href: `${home}/balance`, isOpen: true },
    { name: "emailBranding", href: `${home}/email-branding`, isOpen: visitor.isPlatformAdmin },
    { name: "letterBranding", href: `${home}/letter-branding`, isOpen: visitor.isPlatformAdmin },
    { name: "settings", href: `${home}/settings`, isOpen: visitor.isPlatformAdmin },
  ] as const;
  return {
    organisation,
    places: places
      .filter(({ isOpen }) => isOpen)
      .map(({ name, href }) => ({ text: text(`organisations.place.${name}`), href, isHere: path === href })),
  };
}
