/** Every place that somebody can go to from a page, to be found by a few letters of its name (`browser/palette.ts`). */
import type { Visit } from "../http/visit.ts";
import { hasShortcuts } from "../shortcuts/has-shortcuts.ts";

export interface PaletteItem {
  text: string;
  href: string;
  /** What it belongs to, such as the name of a service. */
  of: string;
}

interface Link {
  text: string;
  href: string;
}

interface Around {
  serviceName: string | undefined;
  service: readonly Link[];
  services: readonly Link[];
  platform: readonly Link[];
}

/** None for who has switched keys off: a key opens it. */
export function paletteOf(visit: Visit, around: Around): PaletteItem[] {
  if (!hasShortcuts(visit)) return [];
  const { text, admin } = visit;
  const account = [
    { text: text("layout.yourServices"), href: "/services" },
    { text: text("layout.yourAccount"), href: "/account" },
    { text: text("shortcuts.title"), href: "/shortcuts" },
  ].filter(({ href }) => admin.urls.has(href));
  const groups: readonly [of: string, links: readonly Link[]][] = [
    [around.serviceName ?? "", around.service],
    [text("layout.services"), around.services],
    [text("layout.account"), account],
    [text("layout.platformNavigation"), around.platform],
  ];
  return groups.flatMap(([of, links]) => links.map((link) => ({ text: link.text, href: link.href, of })));
}
