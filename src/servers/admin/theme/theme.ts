/** Light, dark, or as the system has it: chosen in the header, remembered in a cookie, applied by the layout. */
import { Refusal } from "../../../core/refusal.ts";
import { type Answer, redirect } from "../http/answer.ts";
import { readFields } from "../http/form.ts";
import { ownPath } from "../http/next.ts";
import { type Route, route } from "../http/route.ts";
import type { Visit } from "../http/visit.ts";

export const THEMES = ["system", "light", "dark"] as const;
export type Theme = (typeof THEMES)[number];

const COOKIE = "theme";
const COOKIE_MAX_AGE_SECONDS = 365 * 24 * 60 * 60;

export const themeRoutes: readonly Route[] = [
  route({ method: "POST", url: "/theme", who: "anyone", handler: chooseTheme }),
];

export function themeOf(visit: Visit): Theme {
  return parseTheme(visit.cookie(COOKIE)) ?? "system";
}

function chooseTheme(visit: Visit): Answer {
  const { theme, next } = readFields(visit, ["theme", "next"]);
  const chosen = parseTheme(theme);
  if (!chosen) throw new Refusal("bad-request", "There is no such theme");
  const cookie = { name: COOKIE, value: chosen, maxAgeSeconds: COOKIE_MAX_AGE_SECONDS };
  return redirect(ownPath(next, "/services"), { cookies: [cookie] });
}

function parseTheme(text: string | undefined): Theme | undefined {
  return THEMES.find((theme) => theme === text);
}
