/** What surrounds a page: told by who is visiting and where they are, never by the page. */
import { assetUrl } from "../http/assets.ts";
import type { Visit } from "../http/visit.ts";
import { hasShortcuts } from "../shortcuts/has-shortcuts.ts";
import { THEMES, type Theme, themeOf } from "../theme/theme.ts";
import { isServiceVisit, type NavigationItem, platformNavigation, serviceNavigation } from "./navigation.ts";
import { type SuggestionBanner, suggestionOf } from "./suggestion.ts";

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
  serviceNavigation: readonly NavigationItem[];
  platformNavigation: readonly NavigationItem[];
  footer: readonly { text: string; href: string }[];
  /** Said once, after a change was made on the page before. */
  flash: string | undefined;
  /** Said once, after signing in. */
  suggestion: SuggestionBanner | undefined;
}

export function layoutOf(visit: Visit): Layout {
  const platform = platformNavigation(visit);
  return {
    ...appearanceOf(visit),
    home: visit.visitor.kind === "signed-in" ? "/services" : "/sign-in",
    userName: visit.visitor.kind === "signed-in" ? visit.visitor.name : undefined,
    accountUrl: visit.admin.urls.has("/account") ? "/account" : undefined,
    platformUrl: platform[0]?.href,
    hasShortcuts: hasShortcuts(visit),
    signsIn: visit.visitor.kind === "signed-out",
    url: visit.url,
    livePosition: visit.livePosition,
    service: isServiceVisit(visit) ? serviceOf(visit.service) : undefined,
    serviceNavigation: isServiceVisit(visit) ? serviceNavigation(visit) : [],
    platformNavigation: visit.url.startsWith("/platform/") ? platform : [],
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

function footerOf({ text }: Visit): Layout["footer"] {
  return [
    { text: text("layout.footer.documentation"), href: "/docs" },
    { text: text("layout.footer.accessibility"), href: "/accessibility" },
    { text: text("layout.footer.privacy"), href: "/privacy" },
    { text: text("layout.footer.security"), href: "/security" },
  ];
}
