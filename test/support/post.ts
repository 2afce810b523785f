/**
 * What Pennypost itself writes to people, read on the sandbox's phone and in its mailbox. Each thing is taken once, so that a second code
 * is not mistaken for the first.
 *
 *     const post = openPost(doors);
 *     await page.goto(await post.linkTo("ada@example.gov.uk", "/verify-email"));
 */
import { vi } from "vitest";
import type { Doors } from "./product-doors.ts";

const ARRIVES_WITHIN = { timeout: 30_000, interval: 50 };

export interface Post {
  /** The first group of the pattern in the newest message to somebody that has it, once one does. */
  arrived(recipient: string, pattern: RegExp): Promise<string>;
  /** By the number's digits. */
  codeTo(digits: string): Promise<string>;
  /** The path of a link that begins with `path` and ends with its token. */
  linkTo(address: string, path: string): Promise<string>;
}

export function openPost(doors: Doors): Post {
  const taken = new Set<string>();
  const arrived = (recipient: string, pattern: RegExp) =>
    vi.waitFor(async () => {
      for (const { text } of await doors.outboxOf(recipient)) {
        const match = pattern.exec(text)?.[1];
        if (match === undefined || taken.has(`${recipient} ${match}`)) continue;
        taken.add(`${recipient} ${match}`);
        return match;
      }
      throw new Error("nothing like it has arrived");
    }, ARRIVES_WITHIN);
  return {
    arrived,
    codeTo: (digits) => arrived(digits, /\b(\d{5})\b/),
    linkTo: (address, path) => arrived(address, new RegExp(`(${path}/[\\w-]{43})`)),
  };
}
