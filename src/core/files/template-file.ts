/**
 * Files that go with every email of a template: what they may be called, as their name is a placeholder too, and how they may be handed
 * out.
 *
 *     findTemplateFileNameProblem("map.pdf", { subject: "Your map", taken: ["plan.pdf"] }) → undefined
 *     withoutPlaceholder("Hello\n\n((map.pdf))", "map.pdf")                                → "Hello"
 */
import { normaliseKey } from "../template/personalisation.ts";
import { asTyped, parseTemplate, placeholderNames } from "../template/placeholders.ts";

export type TemplateFileProblem = "brackets-in-name" | "comma-in-name" | "name-in-subject" | "name-taken";

export const WEEKS = { min: 1, max: 78 } as const;
const LINK_TEXT_MAX_CHARACTERS = 255;
/** A link's own marks would end it before its end. */
const BRACKETS = /[()[\]]/;
const NO_PLACEHOLDER = /,|\?\?/;

export function findTemplateFileNameProblem(
  name: string,
  { subject, taken }: { subject: string; taken: readonly string[] },
): TemplateFileProblem | undefined {
  if (BRACKETS.test(name)) return "brackets-in-name";
  if (NO_PLACEHOLDER.test(name)) return "comma-in-name";
  if (hasPlaceholder(subject, name)) return "name-in-subject";
  return taken.some((other) => normaliseKey(other) === normaliseKey(name)) ? "name-taken" : undefined;
}

export function parseWeeks(typed: string): number | undefined {
  const weeks = /^\d{1,3}$/.test(typed.trim()) ? Number(typed) : Number.NaN;
  return weeks >= WEEKS.min && weeks <= WEEKS.max ? weeks : undefined;
}

/** Undefined for a text that cannot be a link's; empty for none. */
export function parseLinkText(typed: string): string | undefined {
  const text = typed.replace(/\s+/g, " ").trim();
  return text.length > LINK_TEXT_MAX_CHARACTERS || BRACKETS.test(text) ? undefined : text;
}

/** What stands in the email.  linkInWords("https://…", "Your map") → "[Your map](https://…)" */
export function linkInWords(link: string, text: string | undefined): string {
  return text ? `[${text}](${link})` : link;
}

export function hasPlaceholder(body: string, name: string): boolean {
  return namesIn(body).includes(normaliseKey(name));
}

/** The message with the file's place at its end, unless it has one. */
export function withPlaceholder(body: string, name: string): string {
  return hasPlaceholder(body, name) ? body : `${body.trimEnd()}\n\n((${name}))`;
}

/** The message without the file's place; a line that was nothing else goes with it. */
export function withoutPlaceholder(body: string, name: string): string {
  const key = normaliseKey(name);
  const without = (line: string) =>
    parseTemplate(line)
      .segments.filter((segment) => segment.kind === "text" || segment.key !== key)
      .map((segment) => (segment.kind === "text" ? segment.text : asTyped(segment)))
      .join("");
  const lines = body.split("\n").flatMap((line) => {
    const rest = without(line);
    return rest.trim() === "" && rest !== line ? [] : [rest];
  });
  return lines
    .join("\n")
    .replace(/\n{3,}/g, "\n\n")
    .trim();
}

function namesIn(text: string): string[] {
  return placeholderNames(parseTemplate(text)).map(normaliseKey);
}
