/** Highlighted text as nodes of the page. */
import type { HighlightedPiece } from "../../../../core/template/highlight-placeholders.ts";

export function nodesOf(pieces: readonly HighlightedPiece[]): (string | HTMLElement)[] {
  return pieces.map((piece) => {
    if (piece.kind === "text") return piece.text;
    const mark = document.createElement("mark");
    mark.className = "pp-placeholder";
    mark.textContent = piece.text;
    return mark;
  });
}
