/** Why a file is not read, on its way out of whatever noticed. */
import type { Unreadable } from "./inspection.ts";

export class CannotRead extends Error {
  readonly why: Unreadable;

  constructor(why: Unreadable) {
    super(why);
    this.why = why;
  }
}
