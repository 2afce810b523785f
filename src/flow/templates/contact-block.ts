/** A sender's address as somebody types it, for a letter template or to be offered to whoever writes one. */
import { type ContactBlockProblem, contactBlockProblem } from "../../core/letter/check-contact-block.ts";
import type { FieldProblem } from "../form-refusal.ts";

const MESSAGES: Record<ContactBlockProblem, string> = {
  missing: "Enter an address",
  "too-many-lines": "An address can have 10 lines or fewer",
  "comma-in-placeholder": "There can be no commas between double brackets",
};

/** Browsers send line breaks as CR LF; what surrounds a line is not printed. */
export function tidyContactBlock(text: string): string {
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  return lines.join("\n").trim();
}

export function contactBlockProblems(contactBlock: string): FieldProblem[] {
  const problem = contactBlockProblem(contactBlock);
  return problem ? [{ field: "contactBlock", problem, message: MESSAGES[problem] }] : [];
}
