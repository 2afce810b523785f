/** Tables to take away, with a mark at the start by which spreadsheets know that it is UTF-8. */
import { Readable } from "node:stream";
import { BYTE_ORDER_MARK, type Cell, csvText } from "../../../core/csv/write-csv.ts";
import type { Answer } from "./answer.ts";

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
  return csvTextAnswer(fileName, textOf(parts));
}

/** The same of a table that is text already, mark and all. */
export function csvTextAnswer(fileName: string, parts: AsyncIterable<string>): Answer {
  const { headers = {} } = csvAnswer(fileName, []);
  return { status: 200, headers, body: Readable.from(parts) };
}

async function* textOf(parts: AsyncIterable<readonly (readonly Cell[])[]>): AsyncGenerator<string> {
  yield BYTE_ORDER_MARK;
  for await (const rows of parts) yield csvText(rows);
}
