/** What an operator says about a printer that takes letters one by one over HTTP. */
import type { Postage } from "../../core/letter/postage.ts";

export interface PrintHttpOptions {
  name: string;
  /** Where letters are posted to, in JSON. */
  url: string;
  /** `Authorization: Bearer …`. */
  token?: string;
  /** Or `Authorization: Basic …`. */
  user?: string;
  password?: string;
  /** Letters on their way at once; default 8. */
  windowSize?: number;
  /** How long one answer is waited for; thirty seconds when left out. */
  timeoutMs?: number;
  /** The address, signed for this letter, at which the printer tells us what became of it. */
  statusUrl: (notificationId: string) => string | undefined;
}

/** How the printer sends it; second class has no word of its own. */
export const DESPATCH_METHODS: Readonly<Partial<Record<Postage, string>>> = {
  first: "FIRST",
  economy: "ECONOMY",
  europe: "INTERNATIONAL_EU",
  "rest-of-world": "INTERNATIONAL_ROW",
};
