/** Puts leaves on pages: where each of their lines stands, and on which page. */

import { POINTS_PER_MM } from "../letter-style.ts";
import type { Leaf } from "./flow.ts";

/** Rounding must not send a line to the next page. */
const TOLERANCE_PT = 0.01;

export interface PlacedLine {
  readonly leaf: Leaf;
  /** Which of the leaf's lines; 0 for what has none. */
  readonly index: number;
  readonly page: number;
  readonly topPt: number;
}

export interface Column {
  readonly firstTopPt: number;
  readonly topPt: number;
  readonly bottomPt: number;
  /** Something stands above the column on its first page, so that a page break there leaves a page behind. */
  readonly isFirstPageBegun: boolean;
}

export interface Paginated {
  readonly lines: readonly PlacedLine[];
  readonly pages: number;
}

/** No heading stands without what follows it, and no line of a paragraph alone. */
export function paginate(leaves: readonly Leaf[], column: Column): Paginated {
  const filler = new Filler(column);
  let sticky: Leaf[] = [];
  for (const leaf of leaves) {
    if (leaf.isSticky) sticky.push(leaf);
    else {
      filler.put(sticky, leaf);
      sticky = [];
    }
  }
  for (const leaf of sticky) filler.put([], leaf);
  return { lines: filler.lines, pages: filler.page + 1 };
}

class Filler {
  readonly lines: PlacedLine[] = [];
  page = 0;
  readonly #column: Column;
  #topPt: number;
  #isEmpty: boolean;

  constructor(column: Column) {
    this.#column = column;
    this.#topPt = column.firstTopPt;
    this.#isEmpty = !column.isFirstPageBegun;
  }

  put(sticky: readonly Leaf[], leaf: Leaf): void {
    if (leaf.kind === "page-break") {
      for (const before of sticky) this.#putLines(before);
      if (!this.#isEmpty) this.#turnPage();
      return;
    }
    const together = sticky.reduce((sum, one) => sum + one.gapBeforePt + heightOf(one), 0);
    const needed = together + leaf.gapBeforePt + heightOf(leaf, linesNeeded(leaf, 0));
    if (!this.#isEmpty && !this.#fits(needed)) this.#turnPage();
    for (const one of [...sticky, leaf]) this.#putLines(one);
  }

  #putLines(leaf: Leaf): void {
    if (!this.#isAtTop) this.#topPt += leaf.gapBeforePt;
    const count = Math.max(1, leaf.lines.length);
    for (let index = 0; index < count; index++) {
      const isMoved = index > 0 && !this.#fits(leaf.pitchPt - leaf.sizePt + heightOf(leaf, linesNeeded(leaf, index)));
      if (isMoved) this.#turnPage();
      else if (index > 0) this.#topPt += leaf.pitchPt - leaf.sizePt;
      this.lines.push({ leaf, index, page: this.page, topPt: this.#topPt });
      this.#topPt += heightOf(leaf, 1);
      this.#isEmpty = false;
    }
  }

  /** Space above the first of a page falls away. */
  get #isAtTop(): boolean {
    return this.#topPt === (this.page === 0 ? this.#column.firstTopPt : this.#column.topPt);
  }

  #fits(heightPt: number): boolean {
    return this.#topPt + heightPt <= this.#column.bottomPt + TOLERANCE_PT;
  }

  #turnPage(): void {
    this.page += 1;
    this.#topPt = this.#column.topPt;
    this.#isEmpty = true;
  }
}

/** How many lines, from this one, have to stand on one page with it. */
function linesNeeded({ lines }: Leaf, index: number): number {
  const count = lines.length;
  if (count === 3 && index === 0) return 3;
  if (count >= 2 && index === 0) return 2;
  return count >= 4 && index === count - 2 ? 2 : 1;
}

function heightOf(leaf: Leaf, lines = Math.max(1, leaf.lines.length)): number {
  if (leaf.code) return leaf.code.sizeMm * POINTS_PER_MM;
  if (leaf.kind !== "lines") return leaf.heightPt;
  return leaf.sizePt + (lines - 1) * leaf.pitchPt;
}
