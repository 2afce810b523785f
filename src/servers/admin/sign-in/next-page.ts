/** Where people go once they have signed in. */
import type { Answer } from "../http/answer.ts";
import { ownPath } from "../http/next.ts";
import type { Visit } from "../http/visit.ts";

const HOME = "/services";
/** Keeps it for who leaves for their mailbox or their organisation's sign-in, and comes back. */
const COOKIE = "next";
const COOKIE_MAX_AGE_SECONDS = 60 * 60;

/** A page of ours, but none about signing in: who was on one of those has done that. */
export function nextPage(path: string | null | undefined): string {
  const own = ownPath(path ?? undefined, HOME);
  return own.startsWith("/sign-in") ? HOME : own;
}

export function rememberedNext(visit: Visit): string {
  return nextPage(visit.cookie(COOKIE));
}

export function rememberNext(next: string): NonNullable<Answer["cookies"]>[number] {
  return { name: COOKIE, value: next, maxAgeSeconds: COOKIE_MAX_AGE_SECONDS };
}

export function withNext(path: string, next: string): string {
  return `${path}?${new URLSearchParams({ next })}`;
}
