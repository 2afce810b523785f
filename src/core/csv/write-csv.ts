/** Tables to take away (RFC 4180). */

/** By which spreadsheets know that a table is UTF-8. */
export const BYTE_ORDER_MARK = "\uFEFF";
const NEEDS_QUOTES = /[",\r\n]/;
/** What a spreadsheet would take for a formula. Numbers are numbers and pass. */
const FORMULA = /^[=+\-@\t\r]/;

export type Cell = string | number;

/** csvText([["Name", "Sent"], ["=1+1", 3]]) → "Name,Sent\r\n'=1+1,3\r\n" */
export function csvText(rows: readonly (readonly Cell[])[]): string {
  return rows.map((row) => `${row.map(cellText).join(",")}\r\n`).join("");
}

function cellText(cell: Cell): string {
  if (typeof cell === "number") return String(cell);
  const harmless = FORMULA.test(cell) ? `'${cell}` : cell;
  return NEEDS_QUOTES.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
