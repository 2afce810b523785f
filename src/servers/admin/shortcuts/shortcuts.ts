/** `/shortcuts`: which keys lead where, and whether they do (WCAG 2.2, 2.1.4). */
import { type Answer, redirect } from "../http/answer.ts";
import { readFields } from "../http/form.ts";
import { page } from "../http/page.ts";
import { type Route, route } from "../http/route.ts";
import type { UserVisit } from "../http/visit.ts";
import { hasShortcuts, shortcutsCookie } from "./has-shortcuts.ts";

const SHORTCUTS = "/shortcuts";
/** The last key leads to a place of the service that is open. */
const KEYS = [
  "palette",
  "slash",
  "question",
  "dashboard",
  "send",
  "templates",
  "messages",
  "inbox",
  "usage",
  "api",
  "team",
  "settings",
] as const;

const showShortcuts = page<{ isOn: boolean; rows: readonly { keys: readonly string[]; text: string }[] }>(
  "shortcuts/shortcuts.njk",
);

export const shortcutRoutes: readonly Route[] = [
  route({ method: "GET", url: SHORTCUTS, who: "signed-in", handler: show }),
  route({ method: "POST", url: SHORTCUTS, who: "signed-in", handler: choose }),
];

function show(visit: UserVisit): Answer {
  const { text } = visit;
  const rows = KEYS.map((name) => ({
    keys: text(`shortcuts.keys.${name}`).split(" "),
    text: text(`shortcuts.${name}`),
  }));
  return showShortcuts(visit, { isOn: hasShortcuts(visit), rows });
}

function choose(visit: UserVisit): Answer {
  const isOn = readFields(visit, ["shortcuts"]).shortcuts === "on";
  return redirect(SHORTCUTS, {
    cookies: [shortcutsCookie(isOn)],
    flash: visit.text(isOn ? "shortcuts.isOn" : "shortcuts.isOff"),
  });
}
