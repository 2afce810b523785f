/**
 * A table of recipients onto the suppression list: all of it, or none with what is wrong row by row. The recipient is in the first column, or
 * in the one whose head says so, as our own export has it; a column of reasons may be there.
 */
import { readCsv } from "../../core/csv/read-csv.ts";
import { SUPPRESSION_REASONS, type SuppressionReason } from "../../core/suppression/suppression-reason.ts";
import type { Service } from "../../records/services/service.ts";
import type { Actor } from "../actor.ts";
import type { App } from "../app.ts";
import { readRecipientText } from "./read-recipient.ts";
import type { SuppressionWish } from "./suppress.ts";
import { addSuppressions } from "./suppression-list.ts";

export const IMPORTED_ROWS_MAX = 10_000;
const PROBLEMS_SHOWN_MAX = 20;

const RECIPIENT_HEADS = ["recipient", "phone number", "number", "mobile", "email address", "email"];
const REASON_HEAD = "reason";

export interface RowProblem {
  /** As a spreadsheet counts it. */
  row: number;
  problem: string;
}

export type Imported =
  | { kind: "added"; added: number; rows: number }
  | { kind: "nothing-there" }
  | { kind: "too-many-rows"; rows: number }
  /** Nothing was added. */
  | { kind: "wrong-rows"; problems: readonly RowProblem[]; count: number };

export async function importSuppressions(
  app: Pick<App, "db" | "keys" | "clock" | "services">,
  actor: Actor,
  { service, text }: { service: Pick<Service, "id" | "dataKey">; text: string },
): Promise<Imported> {
  const { rows, columns } = readTable(text);
  if (rows.length === 0) return { kind: "nothing-there" };
  if (rows.length > IMPORTED_ROWS_MAX) return { kind: "too-many-rows", rows: rows.length };
  const read = rows.map(({ row, cells }) => readRow({ row, cells }, columns));
  const problems = read.flatMap((one) => ("problem" in one ? [one] : []));
  if (problems.length > 0)
    return { kind: "wrong-rows", problems: problems.slice(0, PROBLEMS_SHOWN_MAX), count: problems.length };
  const source = { kind: "import", id: actor.userId } as const;
  const wishes = read.flatMap((one) => ("recipient" in one ? [{ ...one, source }] : []));
  return { kind: "added", rows: wishes.length, ...(await addSuppressions(app, actor, { service, wishes })) };
}

interface Columns {
  recipient: number;
  reason: number | undefined;
}

interface Row {
  row: number;
  cells: readonly string[];
}

/** Empty rows are passed over, and a row of heads tells which column is which. */
function readTable(text: string): { rows: Row[]; columns: Columns } {
  const all = readCsv(text).map((cells, at) => ({ row: at + 1, cells }));
  const filled = all.filter(({ cells }) => cells.some((cell) => cell !== ""));
  const heads = filled[0]?.cells.map((cell) => cell.toLowerCase()) ?? [];
  const recipient = heads.findIndex((head) => RECIPIENT_HEADS.includes(head));
  if (recipient < 0) return { rows: filled, columns: { recipient: 0, reason: undefined } };
  const reason = heads.indexOf(REASON_HEAD);
  return { rows: filled.slice(1), columns: { recipient, reason: reason < 0 ? undefined : reason } };
}

function readRow({ row, cells }: Row, columns: Columns): Omit<SuppressionWish, "source"> | RowProblem {
  const recipient = readRecipientText(cells[columns.recipient] ?? "");
  if (typeof recipient === "string") return { row, problem: recipient };
  const said = columns.reason === undefined ? "" : (cells[columns.reason] ?? "");
  const reason = said === "" ? "imported" : SUPPRESSION_REASONS.find((one) => one === said.toLowerCase());
  if (reason === undefined)
    return { row, problem: `There is no reason like this: use ${SUPPRESSION_REASONS.join(", ")}` };
  return { recipient, reason: reason satisfies SuppressionReason };
}
