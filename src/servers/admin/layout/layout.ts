/** What surrounds a page: told by who is visiting and where they are, never by the page. */
import { assetUrl } from "../http/assets.ts";
import type { Visit } from "../http/visit.ts";
import { hasShortcuts } from "../shortcuts/has-shortcuts.ts";
import { THEMES, type Theme, themeOf } from "../theme/theme.ts";
import { isServiceVisit, type NavigationItem, platformNavigation, serviceNavigation } from "./navigation.ts";
import { type PaletteItem, paletteOf } from "./palette.ts";
import { type SuggestionBanner, suggestionOf } from "./suggestion.ts";

const ALL_SERVICES = "/services";

export interface Layout {
  language: string;
  theme: Theme;
  themes: readonly { name: Theme; text: string; isChosen: boolean }[];
  /** The address of a style, script or picture by its plain name, such as "admin.css". */
  asset: (name: string) => string;
  /** Where the mark leads. */
  home: string;
  /** Of who is signed in. */
  userName: string | undefined;
  accountUrl: string | undefined;
  /** The first page of the platform, for its administrators. */
  platformUrl: string | undefined;
  /** Single keys lead to places. */
  hasShortcuts: boolean;
  /** Nobody has signed in yet. */
  signsIn: boolean;
  /** This page's own address, to come back to. */
  url: string;
  /** The position of the live events before anything was read for this page. */
  livePosition: string;
  service: { name: string; url: string; isTrial: boolean } | undefined;
  /** Services to go to from here; none where there is no other. */
  services: readonly { text: string; href: string; isOpen: boolean }[];
  serviceNavigation: readonly NavigationItem[];
  platformNavigation: readonly NavigationItem[];
  /** All places to go to, for the key that lists them. */
  palette: readonly PaletteItem[];
  footer: readonly { text: string; href: string }[];
  /** Said once, after a change was made on the page before. */
  flash: string | undefined;
  /** Said once, after signing in. */
  suggestion: SuggestionBanner | undefined;
}

export function layoutOf(visit: Visit): Layout {
  const platform = platformNavigation(visit);
  const service = isServiceVisit(visit) ? serviceOf(visit.service) : undefined;
  const ofService = isServiceVisit(visit) ? serviceNavigation(visit) : [];
  const services = servicesFrom(visit);
  return {
    ...appearanceOf(visit),
    home: visit.visitor.kind === "signed-in" ? ALL_SERVICES : "/sign-in",
    userName: visit.visitor.kind === "signed-in" ? visit.visitor.name : undefined,
    accountUrl: visit.admin.urls.has("/account") ? "/account" : undefined,
    platformUrl: platform[0]?.href,
    hasShortcuts: hasShortcuts(visit),
    signsIn: visit.visitor.kind === "signed-out",
    url: visit.url,
    livePosition: visit.livePosition,
    service,
    services,
    serviceNavigation: ofService,
    platformNavigation: visit.url.startsWith("/platform/") ? platform : [],
    palette: paletteOf(visit, { serviceName: service?.name, service: ofService, services, platform }),
    footer: footerOf(visit),
    flash: visit.flash,
    suggestion: suggestionOf(visit),
  };
}

function appearanceOf(visit: Visit): Pick<Layout, "language" | "theme" | "themes" | "asset"> {
  const theme = themeOf(visit);
  return {
    language: visit.language,
    theme,
    themes: THEMES.map((name) => ({ name, text: visit.text(`layout.theme.${name}`), isChosen: name === theme })),
    asset: assetUrl,
  };
}

function serviceOf({ id, name, isTrial }: { id: string; name: string; isTrial: boolean }): Layout["service"] {
  return { name, isTrial, url: `/services/${id}` };
}

function servicesFrom(visit: Visit): Layout["services"] {
  const { visitor, url } = visit;
  if (visitor.kind !== "signed-in" || url === ALL_SERVICES) return [];
  const openId = isServiceVisit(visit) ? visit.service.id : undefined;
  const services = visitor.session.firstServices;
  if (services.every(({ id }) => id === openId)) return [];
  return services.map(({ id, name }) => ({ text: name, href: `/services/${id}`, isOpen: id === openId }));
}

function footerOf({ text }: Visit): Layout["footer"] {
  return [
    { text: text("layout.footer.documentation"), href: "/docs" },
    { text: text("layout.footer.accessibility"), href: "/accessibility" },
    { text: text("layout.footer.privacy"), href: "/privacy" },
    { text: text("layout.footer.security"), href: "/security" },
  ];
}
