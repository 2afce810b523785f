/** What is wrong with a sender's contact block that somebody has written, before it is kept. */
import { parseTemplate, placeholderNames } from "../template/placeholders.ts";

/** More would reach down to the text of the letter. */
const LINES_MAX = 10;

export type ContactBlockProblem = "missing" | "too-many-lines" | "comma-in-placeholder";

export function contactBlockProblem(contactBlock: string): ContactBlockProblem | undefined {
  const trimmed = contactBlock.trim();
  if (trimmed === "") return "missing";
  if (trimmed.split("\n").length > LINES_MAX) return "too-many-lines";
  const names = placeholderNames(parseTemplate(trimmed));
  return names.some((name) => name.includes(",")) ? "comma-in-placeholder" : undefined;
}
