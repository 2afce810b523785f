/** A list of what is set up, each with the way to its own page. */
import { page } from "../http/page.ts";

export interface Listing {
  title: string;
  explain: string;
  /** Said where there is nothing yet. */
  empty: string;
  rows: readonly { title: string; lines: readonly string[]; url: string | undefined }[];
  /** Where one is added. */
  add: { text: string; url: string } | undefined;
  /** What is looked for, where the list may be long. */
  search?: string;
}

export const showListing = page<Listing>("platform-senders/listing.njk");
