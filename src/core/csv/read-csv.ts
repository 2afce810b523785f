/**
 * Tables that people bring as text (RFC 4180): with commas, with semicolons as spreadsheets write them where a comma is a decimal point,
 * or with tabs as a spreadsheet copies them. Forgiving where spreadsheets are not strict: a mark at the start, either line end, an
 * apostrophe that keeps a cell from being taken for a formula.
 *
 *     readCsv('Number,Reason\r\n"07700 900123",by-hand\r\n') → [["Number", "Reason"], ["07700 900123", "by-hand"]]
 */
export function readCsv(text: string): string[][] {
  return [...csvRows(text)];
}

/** The same row by row, for tables that are long. */
export function* csvRows(text: string): Generator<string[]> {
  const plain = text.replace(/^\uFEFF/, "").replace(/\r\n?/g, "\n");
  const separator = separatorOf(plain.split("\n", 1)[0] ?? "");
  let row: string[] = [];
  let at = 0;
  while (at < plain.length) {
    const cell = plain[at] === '"' ? quotedCell(plain, at, separator) : plainCell(plain, at, separator);
    row.push(tidy(cell.text));
    at = cell.end;
    if (plain[at] === separator && at + 1 < plain.length) at += 1;
    else {
      yield row;
      row = [];
      at += 1;
    }
  }
}

/** As the first line has it. */
function separatorOf(line: string): string {
  if (line.includes("\t")) return "\t";
  return line.split(";").length > line.split(",").length ? ";" : ",";
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
function quotedCell(text: string, start: number, separator: string): Cell {
  let end = start + 1;
  while (end < text.length && !(text[end] === '"' && text[end + 1] !== '"')) end += text[end] === '"' ? 2 : 1;
  const inside = text.slice(start + 1, end).replaceAll('""', '"');
  return { text: inside, end: plainCell(text, end + 1, separator).end };
}

function tidy(cell: string): string {
  return cell.trim().replace(/^'(?=[=+\-@])/, "");
}
