/** Whether single keys lead to places: remembered in a cookie, for this browser. */
import type { Answer } from "../http/answer.ts";
import type { Visit } from "../http/visit.ts";

const COOKIE = "shortcuts";
const OFF = "off";
const COOKIE_MAX_AGE_SECONDS = 365 * 24 * 60 * 60;

/** For people who have signed in, unless they have switched them off. */
export function hasShortcuts(visit: Visit): boolean {
  return visit.visitor.kind === "signed-in" && visit.cookie(COOKIE) !== OFF;
}

export function shortcutsCookie(isOn: boolean): NonNullable<Answer["cookies"]>[number] {
  return { name: COOKIE, value: isOn ? "on" : OFF, maxAgeSeconds: COOKIE_MAX_AGE_SECONDS };
}
