/**
 * What changed between two texts, for people: lines that stayed, went and came, and in a changed line the words that did.
 *
 *     textDifference("Dear Ann", "Dear Bob") → [{ kind: "changed", before: [same "Dear ", gone "Ann"], after: [same "Dear ", new "Bob"] }]
 */

export interface Piece {
  readonly text: string;
  readonly isChanged: boolean;
}

export type LineChange =
  | { readonly kind: "same"; readonly text: string }
  | { readonly kind: "removed"; readonly text: string }
  | { readonly kind: "added"; readonly text: string }
  | { readonly kind: "changed"; readonly before: readonly Piece[]; readonly after: readonly Piece[] };

/** Longer texts are compared as a whole: a table of this many cells is as large as it gets. */
const CELLS_MAX = 1_000_000;
/** Words and the gaps between them. A quantifier on one class, so no text makes it slow. */
const WORDS = /\s+|[^\s]+/g;

export function textDifference(before: string, after: string): LineChange[] {
  const steps = compare(before.split("\n"), after.split("\n"));
  return pairUp(steps);
}

interface Step {
  readonly kind: "same" | "removed" | "added";
  readonly text: string;
}

/** The steps from one list to the other that keep most of it (longest common subsequence). */
function compare(before: readonly string[], after: readonly string[]): Step[] {
  if (before.length * after.length > CELLS_MAX) return replaceAll(before, after);
  const lengths = commonLengths(before, after);
  const width = after.length + 1;
  const steps: Step[] = [];
  let row = 0;
  let column = 0;
  while (row < before.length && column < after.length) {
    const [gone = "", come = ""] = [before[row], after[column]];
    if (gone === come) {
      steps.push({ kind: "same", text: gone });
      row += 1;
      column += 1;
    } else if ((lengths[(row + 1) * width + column] ?? 0) >= (lengths[row * width + column + 1] ?? 0)) {
      steps.push({ kind: "removed", text: gone });
      row += 1;
    } else {
      steps.push({ kind: "added", text: come });
      column += 1;
    }
  }
  return [...steps, ...replaceAll(before.slice(row), after.slice(column))];
}

function replaceAll(before: readonly string[], after: readonly string[]): Step[] {
  return [
    ...before.map((text) => ({ kind: "removed", text }) as const),
    ...after.map((text) => ({ kind: "added", text }) as const),
  ];
}

/** Cell (row, column): how much the rest of both lists from there has in common. */
function commonLengths(before: readonly string[], after: readonly string[]): Uint32Array {
  const width = after.length + 1;
  const lengths = new Uint32Array((before.length + 1) * width);
  for (let row = before.length - 1; row >= 0; row--) {
    for (let column = after.length - 1; column >= 0; column--) {
      const isSame = before[row] === after[column];
      const below = lengths[(row + 1) * width + column] ?? 0;
      const beside = lengths[row * width + column + 1] ?? 0;
      const across = lengths[(row + 1) * width + column + 1] ?? 0;
      lengths[row * width + column] = isSame ? across + 1 : Math.max(below, beside);
    }
  }
  return lengths;
}

/** Lines that went and came in one place are shown side by side, first with first. */
function pairUp(steps: readonly Step[]): LineChange[] {
  const changes: LineChange[] = [];
  for (let at = 0; at < steps.length; ) {
    const removed = runOf(steps, at, "removed");
    const added = runOf(steps, at + removed.length, "added");
    const pairs = Math.min(removed.length, added.length);
    for (let pair = 0; pair < pairs; pair++)
      changes.push(changedLine(removed[pair]?.text ?? "", added[pair]?.text ?? ""));
    changes.push(...removed.slice(pairs), ...added.slice(pairs));
    at += removed.length + added.length;
    const step = steps[at];
    if (removed.length + added.length > 0 || step === undefined) continue;
    changes.push(step);
    at += 1;
  }
  return changes;
}

function runOf(steps: readonly Step[], from: number, kind: Step["kind"]): Step[] {
  let end = from;
  while (steps[end]?.kind === kind) end += 1;
  return steps.slice(from, end);
}

function changedLine(before: string, after: string): LineChange {
  const steps = compare(before.match(WORDS) ?? [], after.match(WORDS) ?? []);
  return { kind: "changed", before: piecesOf(steps, "removed"), after: piecesOf(steps, "added") };
}

/** The words of one side, neighbours of one kind joined. */
function piecesOf(steps: readonly Step[], changed: "removed" | "added"): Piece[] {
  const pieces: { text: string; isChanged: boolean }[] = [];
  for (const { kind, text } of steps) {
    if (kind !== "same" && kind !== changed) continue;
    const isChanged = kind === changed;
    const last = pieces.at(-1);
    if (last?.isChanged === isChanged) last.text += text;
    else pieces.push({ text, isChanged });
  }
  return pieces;
}
