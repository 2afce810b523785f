/** What the functions about people are given: the app, and the post with which Pennypost itself writes to them. */
import type { App } from "../app.ts";
import type { Intake } from "../intake/accept.ts";
import { createSystemPost, type SystemPost } from "./system-post.ts";

export interface People extends Pick<App, "db" | "clock" | "log" | "keys" | "origins" | "services" | "prices"> {
  post: SystemPost;
}

/** Made once where the admin web is: `await people.post.prepare()` at the start makes the internal service. */
export function createPeople(intake: Intake): People {
  const { db, clock, log, keys, origins, services, prices } = intake;
  return { db, clock, log, keys, origins, services, prices, post: createSystemPost(intake) };
}

/** Where the people are: the address the request came from, and where the pages are reached, for links. */
export interface Where {
  ip: string;
  /**
   * Used only while the deployment has no configured origin of the admin; behind an untrusted proxy a request's host can be made up,
   * and a link with it would lead elsewhere.
   */
  origin: string;
}

/** A link into the admin web. */
export function adminUrl(people: Pick<People, "origins">, where: Pick<Where, "origin">, path: string): string {
  return `${people.origins.admin ?? where.origin}${path}`;
}
