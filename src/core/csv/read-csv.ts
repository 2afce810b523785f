/**
 * Tables that people bring as text (RFC 4180): with commas, or with tabs as a spreadsheet copies them. Forgiving where spreadsheets are
 * not strict: a mark at the start, either line end, an apostrophe that keeps a cell from being taken for a formula.
 *
 *     readCsv('Number,Reason\r\n"07700 900123",by-hand\r\n') → [["Number", "Reason"], ["07700 900123", "by-hand"]]
 */
export function readCsv(text: string): string[][] {
  const plain = text.replace(/^\uFEFF/, "").replace(/\r\n?/g, "\n");
  const separator = (plain.split("\n", 1)[0] ?? "").includes("\t") ? "\t" : ",";
  const rows: string[][] = [];
  let row: string[] = [];
  let at = 0;
  while (at < plain.length) {
    const cell = plain[at] === '"' ? quotedCell(plain, at) : plainCell(plain, at, separator);
    row.push(tidy(cell.text));
    at = cell.end;
    if (plain[at] === separator && at + 1 < plain.length) at += 1;
    else {
      rows.push(row);
      row = [];
      at += 1;
    }
  }
  return rows;
}

interface Cell {
  text: string;
  /** Where its separator or line end stands. */
  end: number;
}

function plainCell(text: string, start: number, separator: string): Cell {
  let end = start;
  while (end < text.length && text[end] !== separator && text[end] !== "\n") end += 1;
  return { text: text.slice(start, end), end };
}

/** Doubled quotation marks stand for one; what follows the last before the separator is let go. */
function quotedCell(text: string, start: number): Cell {
  let end = start + 1;
  while (end < text.length && !(text[end] === '"' && text[end + 1] !== '"')) end += text[end] === '"' ? 2 : 1;
  const inside = text.slice(start + 1, end).replaceAll('""', '"');
  let after = end + 1;
  while (after < text.length && text[after] !== "," && text[after] !== "\t" && text[after] !== "\n") after += 1;
  return { text: inside, end: after };
}

function tidy(cell: string): string {
  return cell.trim().replace(/^'(?=[=+\-@])/, "");
}
