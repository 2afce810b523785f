/** How a letter is posted. */
import type { PostageZone } from "../address/country.ts";

/** What a template or a request can choose, for addresses at home. */
export const HOME_POSTAGES = ["first", "second", "economy"] as const;
export type HomePostage = (typeof HOME_POSTAGES)[number];

/** Abroad, the address decides. */
export type Postage = HomePostage | Exclude<PostageZone, "united-kingdom">;

export const DEFAULT_POSTAGE: HomePostage = "second";

/** postageFor("europe", "first") → "europe" */
export function postageFor(zone: PostageZone, chosen: HomePostage): Postage {
  return zone === "united-kingdom" ? chosen : zone;
}
