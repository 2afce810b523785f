/** Tables to take away (RFC 4180), with a mark at the start by which spreadsheets know that it is UTF-8. */
import { Readable } from "node:stream";
import type { Answer } from "./answer.ts";

const BYTE_ORDER_MARK = "\uFEFF";
const NEEDS_QUOTES = /[",\r\n]/;
/** What a spreadsheet would take for a formula. Numbers are numbers and pass. */
const FORMULA = /^[=+\-@\t\r]/;

export type Cell = string | number;

export function csvAnswer(fileName: string, rows: readonly (readonly Cell[])[]): Answer {
  return {
    status: 200,
    headers: {
      "content-type": "text/csv; charset=utf-8",
      "content-disposition": `attachment; filename="${fileName}"`,
    },
    body: BYTE_ORDER_MARK + csvText(rows),
  };
}

/** Of a table that may be long: written as it is read, some rows at a time. */
export function csvStreamAnswer(fileName: string, parts: AsyncIterable<readonly (readonly Cell[])[]>): Answer {
  const { headers = {} } = csvAnswer(fileName, []);
  return { status: 200, headers, body: Readable.from(textOf(parts)) };
}

async function* textOf(parts: AsyncIterable<readonly (readonly Cell[])[]>): AsyncGenerator<string> {
  yield BYTE_ORDER_MARK;
  for await (const rows of parts) yield csvText(rows);
}

/** csvText([["Name", "Sent"], ["=1+1", 3]]) → "Name,Sent\r\n'=1+1,3\r\n" */
export function csvText(rows: readonly (readonly Cell[])[]): string {
  return rows.map((row) => `${row.map(cellText).join(",")}\r\n`).join("");
}

function cellText(cell: Cell): string {
  if (typeof cell === "number") return String(cell);
  const harmless = FORMULA.test(cell) ? `'${cell}` : cell;
  return NEEDS_QUOTES.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
