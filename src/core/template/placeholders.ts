/**
 * ((placeholders)) and ((conditions??text)). A template is parsed once and filled many times.
 *
 *     fillIn(parseTemplate("Hello ((name))"), { Name: "Jo" }, { lists: "sentence" }) → "Hello Jo"
 */
import { asBullets, asSentence, type Lookup, lookUp, normaliseKey, type Personalisation } from "./personalisation.ts";

/** Two brackets, anything but brackets, two brackets: so the innermost pairs count and nothing nests. */
const PLACEHOLDER = /\(\(([^()]+)\)\)/g;
const CONDITION_MARK = "??";
const MEANS_YES: ReadonlySet<string> = new Set(["yes", "y", "true", "t", "1", "include", "show"]);

export interface Placeholder {
  readonly kind: "placeholder";
  /** As typed, the spaces in it too. */
  readonly name: string;
  readonly key: string;
}

export interface Condition {
  readonly kind: "condition";
  readonly name: string;
  readonly key: string;
  /** Shown when the value means yes. */
  readonly text: string;
}

export type Segment = { readonly kind: "text"; readonly text: string } | Placeholder | Condition;

export interface ParsedTemplate {
  readonly segments: readonly Segment[];
}

export interface FillOptions {
  /** How a list of values is written: `a, b and c`, or as bullet points. */
  readonly lists: "sentence" | "bullets";
  /** Applied to the template's own text and to values, each by itself. */
  readonly escape?: (text: string) => string;
  /** What stands where no value was given; as typed, unless said otherwise. */
  readonly unfilled?: (segment: Placeholder | Condition) => string;
}

/** Cuts a template into text, placeholders and conditions. Any text is a template; what is not quite a placeholder is text. */
export function parseTemplate(text: string): ParsedTemplate {
  const segments: Segment[] = [];
  let end = 0;
  for (const match of text.matchAll(PLACEHOLDER)) {
    if (match.index > end) segments.push({ kind: "text", text: text.slice(end, match.index) });
    segments.push(parsePlaceholder(match[1] ?? ""));
    end = match.index + match[0].length;
  }
  if (end < text.length) segments.push({ kind: "text", text: text.slice(end) });
  return { segments };
}

function parsePlaceholder(inside: string): Placeholder | Condition {
  const mark = inside.indexOf(CONDITION_MARK);
  if (mark === -1) return { kind: "placeholder", name: inside, key: normaliseKey(inside) };
  const name = inside.slice(0, mark);
  return { kind: "condition", name, key: normaliseKey(name), text: inside.slice(mark + CONDITION_MARK.length) };
}

/** The names a template asks for, in the spelling and order first met. Give an email's subject before its body. */
export function placeholderNames(...templates: readonly ParsedTemplate[]): string[] {
  const names = new Map<string, string>();
  for (const segment of templates.flatMap((template) => template.segments)) {
    if (segment.kind !== "text" && !names.has(segment.key)) names.set(segment.key, segment.name);
  }
  return [...names.values()];
}

/** Which of the names have no value. An empty value is a value. */
export function missingPersonalisation(names: readonly string[], personalisation: Personalisation): string[] {
  const values = lookUp(personalisation);
  return names.filter((name) => !values.has(normaliseKey(name)));
}

/** A template with its values put in. Never throws: see `unfilled` for a value that is not there. */
export function fillIn(template: ParsedTemplate, personalisation: Personalisation, options: FillOptions): string {
  const values = lookUp(personalisation);
  let filled = "";
  for (const segment of template.segments) filled += fillSegment(segment, values, options);
  return filled;
}

function fillSegment(segment: Segment, values: Lookup, options: FillOptions): string {
  const { escape: escaped = asIs, unfilled = asTyped } = options;
  if (segment.kind === "text") return escaped(segment.text);
  const value = values.get(segment.key);
  if (value === undefined) return unfilled(segment);
  if (segment.kind === "condition") return meansYes(value) ? escaped(segment.text) : "";
  return escaped(writeValue(value, options.lists));
}

function writeValue(value: string | readonly string[], lists: FillOptions["lists"]): string {
  if (typeof value === "string") return value;
  return lists === "sentence" ? asSentence(value) : asBullets(value);
}

function meansYes(value: string | readonly string[]): boolean {
  return MEANS_YES.has(writeValue(value, "sentence").toLowerCase());
}

function asIs(text: string): string {
  return text;
}

/** A placeholder as it stands in the template. */
export function asTyped(segment: Placeholder | Condition): string {
  return segment.kind === "condition" ? `((${segment.name}??${segment.text}))` : `((${segment.name}))`;
}
