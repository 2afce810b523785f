/**
 * A template cut where an editor colours it. The pieces together are the text, character for character.
 *
 *     highlightPlaceholders("Hi ((name))") → [{ kind: "text", text: "Hi " }, { kind: "placeholder", text: "((name))", name: "name" }]
 */
import { asTyped, parseTemplate, type Segment } from "./placeholders.ts";

export type HighlightedPiece =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "placeholder"; readonly text: string; readonly name: string }
  | { readonly kind: "condition"; readonly text: string; readonly name: string };

export function highlightPlaceholders(template: string): HighlightedPiece[] {
  return parseTemplate(template).segments.map(toPiece);
}

function toPiece(segment: Segment): HighlightedPiece {
  if (segment.kind === "text") return segment;
  return { kind: segment.kind, text: asTyped(segment), name: segment.name };
}
