/** Where one can go from here: what a visitor may open, of the pages there are. */
import type { MemberPermission } from "../../../records/sessions/session-store.ts";
import type { TextKey } from "../catalogue/text.ts";
import type { ServiceVisit, Visit } from "../http/visit.ts";

export interface NavigationItem {
  text: string;
  href: string;
  /** The page itself is shown. */
  current: boolean;
  /** A page below it is shown. */
  active: boolean;
  attributes: Readonly<Record<string, string>>;
}

/** Keys of the catalogue that need no values. */
type PlaceName = Extract<TextKey, `layout.nav.${string}` | `layout.platform.${string}`>;

interface Place {
  name: PlaceName;
  /** The letter that leads there, after `g`. */
  key?: string;
  /** As written in its route. */
  url: string;
  /** Any of these; left out: every member. */
  permissions?: readonly MemberPermission[];
  isFor?: (visit: ServiceVisit) => boolean;
  /** Also for people of the organisation who are no members. */
  orReader?: boolean;
}

const SERVICE_PLACES: readonly Place[] = [
  { name: "layout.nav.dashboard", key: "d", url: "/services/:sid", permissions: ["view_activity", "manage_service"] },
  { name: "layout.nav.send", key: "n", url: "/services/:sid/send", permissions: ["send_messages"] },
  { name: "layout.nav.templates", key: "t", url: "/services/:sid/templates", orReader: true },
  { name: "layout.nav.messages", key: "m", url: "/services/:sid/messages" },
  { name: "layout.nav.contacts", url: "/services/:sid/contacts", permissions: ["send_messages", "manage_service"] },
  {
    name: "layout.nav.inbox",
    key: "i",
    url: "/services/:sid/inbox",
    permissions: ["view_activity"],
    isFor: ({ service }) => service.permissions.has("inbound_sms") || service.permissions.has("chat"),
  },
  {
    name: "layout.nav.held",
    url: "/services/:sid/held",
    permissions: ["send_messages", "manage_service"],
    isFor: ({ service: { release, contentRules, floodRules } }) =>
      release.above > 0 ||
      release.abovePounds > 0 ||
      [...contentRules, ...floodRules].some(({ action }) => action === "hold"),
  },
  { name: "layout.nav.usage", key: "u", url: "/services/:sid/usage", permissions: ["manage_service"], orReader: true },
  { name: "layout.nav.apiIntegration", key: "a", url: "/services/:sid/developers", permissions: ["manage_api_keys"] },
  { name: "layout.nav.team", key: "p", url: "/services/:sid/team", orReader: true },
  {
    name: "layout.nav.settings",
    key: "s",
    url: "/services/:sid/settings",
    permissions: ["manage_service", "manage_api_keys"],
  },
  {
    name: "layout.nav.goLive",
    url: "/services/:sid/go-live",
    permissions: ["manage_service"],
    isFor: ({ service }) => service.isTrial,
  },
];

const PLATFORM_PLACES: readonly Place[] = [
  { name: "layout.platform.search", url: "/platform/search" },
  { name: "layout.platform.services", url: "/platform/services" },
  { name: "layout.platform.organisations", url: "/platform/organisations" },
  { name: "layout.platform.users", url: "/platform/users" },
  { name: "layout.platform.providers", url: "/platform/providers" },
  { name: "layout.platform.numbers", url: "/platform/numbers" },
  { name: "layout.platform.prices", url: "/platform/prices" },
  { name: "layout.platform.senders", url: "/platform/senders" },
  { name: "layout.platform.emailBranding", url: "/platform/email-branding" },
  { name: "layout.platform.letterBranding", url: "/platform/letter-branding" },
  { name: "layout.platform.approvals", url: "/platform/approvals" },
  { name: "layout.platform.complaints", url: "/platform/complaints" },
  { name: "layout.platform.sandbox", url: "/platform/sandbox" },
  { name: "layout.platform.reports", url: "/platform/reports" },
  { name: "layout.platform.audit", url: "/platform/audit" },
  { name: "layout.platform.health", url: "/platform/health" },
  { name: "layout.platform.settings", url: "/platform/settings" },
];

export function isServiceVisit(visit: Visit): visit is ServiceVisit {
  return "service" in visit;
}

/** The places of the service that is open. */
export function serviceNavigation(visit: ServiceVisit): NavigationItem[] {
  const places = SERVICE_PLACES.filter((place) => isOpen(visit, place));
  return places.flatMap((place) => itemOf(visit, place, place.url.replace(":sid", visit.service.id)));
}

function isOpen(visit: ServiceVisit, { permissions = [], isFor = () => true, orReader = false }: Place): boolean {
  if (visit.isReader) return orReader;
  return isFor(visit) && (permissions.length === 0 || permissions.some(visit.may));
}

/** The places of a platform administrator, on pages of the platform. */
export function platformNavigation(visit: Visit): NavigationItem[] {
  const isAdmin = visit.visitor.kind === "signed-in" && visit.visitor.isPlatformAdmin;
  return isAdmin ? PLATFORM_PLACES.flatMap((place) => itemOf(visit, place, place.url)) : [];
}

function itemOf({ admin, url, text }: Visit, { name, url: route, key }: Place, href: string): NavigationItem[] {
  if (!admin.urls.has(route)) return [];
  const [path = ""] = url.split("?");
  // The dashboard's address begins those of all other pages of its service.
  const isBelow = route !== "/services/:sid" && path.startsWith(`${href}/`);
  const attributes: NavigationItem["attributes"] = key === undefined ? {} : { "data-go": key };
  return [{ text: text(name), href, current: path === href, active: isBelow, attributes }];
}
