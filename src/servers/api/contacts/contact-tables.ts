/**
 * POST /v2/contact-imports: many contacts at once, as a table (`text/csv`), as lines of JSON, or as a list in JSON; and
 * GET /v2/contacts.csv: all of them as a table.
 */
import { Readable } from "node:stream";
import { type ContactRow, readContactTable } from "../../../core/contacts/contact-table.ts";
import { decodeTable } from "../../../core/csv/decode-table.ts";
import type { JsonValue } from "../../../core/json/json-value.ts";
import { parseJsonBody } from "../../../core/json/parse-json-body.ts";
import { parseLosslessJson } from "../../../core/json/parse-lossless-json.ts";
import { Refusal } from "../../../core/refusal.ts";
import { contactCsv } from "../../../flow/contacts/contact-csv.ts";
import { getGroup } from "../../../flow/contacts/contact-groups.ts";
import {
  IMPORTED_ROWS_MAX,
  type ImportResult,
  importContacts,
  type RowResult,
} from "../../../flow/contacts/import-contacts.ts";
import { recordExport } from "../../../flow/contacts/phonebook.ts";
import { type Answer, json } from "../http/answer.ts";
import { type Call, queryOf } from "../http/call.ts";
import { getValid, InvalidRequest } from "../http/errors.ts";
import { INVALID_JSON, readBody } from "../http/read-body.ts";
import { checkContactList, checkImportQuery } from "../schema/contact-requests.ts";
import { actorOf, refuseTooOften } from "./contact-call.ts";

interface Brought {
  rows: readonly ContactRow[];
  /** What a field is called where it came from. */
  columnOf: (field: string) => string;
}

export async function postContactImport(call: Call): Promise<Answer> {
  await refuseTooOften(call);
  const { group_id: groupId } = getValid(checkImportQuery(queryOf(call)));
  const { rows, columnOf } = readBrought(call.request.headers["content-type"], await readBody(call.request.raw));
  const result = await importContacts(call.api.intake, actorOf(call), { service: call.service, rows, groupId });
  return json(200, present(result, columnOf));
}

function readBrought(type: string | undefined, bytes: Buffer): Brought {
  const mediaType = (type ?? "").split(";", 1)[0]?.trim().toLowerCase();
  if (mediaType === "text/csv" || mediaType === "text/tab-separated-values") return readTable(bytes);
  const isLines = mediaType === "application/x-ndjson" || mediaType === "application/jsonl";
  const contacts = isLines ? readLines(bytes) : getValid(checkContactList(parsed(parseJsonBody(bytes))));
  const rows = contacts.map((contact, at) => ({ row: at + 1, json: contact }));
  return { rows: withinLimit(rows), columnOf: (field) => field };
}

function readTable(bytes: Buffer): Brought {
  const table = readContactTable(decodeTable(bytes));
  if (table.kind === "no-table") throw new InvalidRequest([table.problem]);
  return { rows: withinLimit(table.rows), columnOf: table.columnOf };
}

/** Counted before anything is written: a table goes in as far as its rows are right, and not as far as there was room. */
function withinLimit(rows: Iterable<ContactRow>): ContactRow[] {
  const taken: ContactRow[] = [];
  for (const row of rows) {
    taken.push(row);
    if (taken.length > IMPORTED_ROWS_MAX)
      throw new InvalidRequest([`A table can have ${IMPORTED_ROWS_MAX} rows at most`]);
  }
  if (taken.length === 0) throw new InvalidRequest(["There is no row with a contact"]);
  return taken;
}

function readLines(bytes: Buffer) {
  const lines = bytes.toString("utf8").split("\n");
  const filled = lines.filter((line) => line.trim() !== "");
  const contacts = filled.map((line) => parsed(parseLosslessJson(line)));
  return getValid(checkContactList({ contacts }));
}

function parsed(value: JsonValue | undefined): JsonValue {
  if (value === undefined) throw new Refusal("bad-request", INVALID_JSON);
  return value;
}

function present({ counts, rows }: ImportResult, columnOf: Brought["columnOf"]) {
  return { ...counts, rows: rows.map((row) => presentRow(row, columnOf)) };
}

function presentRow(result: RowResult, columnOf: Brought["columnOf"]) {
  const problems = result.kind === "refused" ? result.problems : [];
  return {
    row: result.row,
    outcome: result.kind,
    contact_id: result.kind === "refused" ? null : result.id,
    problems: problems.map(({ field, problem }) => ({
      column: field === undefined ? null : columnOf(field),
      message: problem,
    })),
  };
}

/** GET /v2/contacts.csv */
export async function getContactsCsv(call: Call): Promise<Answer> {
  await refuseTooOften(call);
  const { intake } = call.api;
  const { group_id: groupId } = getValid(checkImportQuery(queryOf(call)));
  if (groupId !== undefined) await getGroup(intake, call.service, groupId);
  await recordExport(intake, actorOf(call), call.service);
  const stream = Readable.from(contactCsv(intake, call.service, groupId));
  const headers = ["Content-Disposition", 'attachment; filename="contacts.csv"'];
  return { status: 200, contentType: "text/csv; charset=utf-8", body: "", stream, headers };
}
