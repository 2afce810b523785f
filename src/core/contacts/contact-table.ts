/**
 * A table of contacts: its first row names the columns, in the words that people and our own table use; a column of any other name is a
 * field of the service's own. An empty cell says nothing.
 *
 *     readContactTable("Mobile,First name,Card\n07700 900123,Ann,12")
 *       → a table with one row: { phone_number: "07700 900123", first_name: "Ann", fields: { Card: "12" } }
 */
import { csvRows } from "../csv/read-csv.ts";
import type { JsonObject } from "../json/json-value.ts";
import { normaliseKey } from "../template/personalisation.ts";
import { FIELDS_MAX } from "./contact.ts";

const COLUMNS_MAX = 100;
const ADDRESS_LINES_MAX = 7;

/** What a column can be called, as `normaliseKey` has it, by what it is. */
const CALLED: Readonly<Record<string, readonly string[]>> = {
  phone_number: ["phonenumber", "phone", "number", "mobile", "mobilenumber", "mobilephone", "telephone", "msisdn"],
  email_address: ["emailaddress", "email", "mail"],
  first_name: ["firstname", "forename", "givenname"],
  last_name: ["lastname", "surname", "familyname"],
  company: ["company", "organisation", "organization"],
  title: ["title"],
  language: ["language", "preferredlanguage"],
  consent: ["consent"],
  consent_how: ["consenthow"],
  consent_given_at: ["consentgivenat"],
  postcode: ["postcode"],
  latitude: ["latitude", "lat"],
  longitude: ["longitude", "lon", "lng"],
};

/** In our own tables, and not for bringing in. */
const PASSED_OVER: ReadonlySet<string> = new Set(["id", "groups", "suppressed", "added", "changed", "consents"]);

const TARGETS: ReadonlyMap<string, string> = new Map(
  Object.entries(CALLED).flatMap(([target, names]) => names.map((name) => [name, target] as const)),
);

export interface ContactRow {
  /** As a spreadsheet counts it. */
  row: number;
  /** As a request would say it. */
  json: JsonObject;
}

export type ContactTable =
  | { kind: "table"; rows: Iterable<ContactRow>; columnOf: (field: string) => string }
  /** With what is wrong with its first row. */
  | { kind: "no-table"; problem: string };

interface Column {
  at: number;
  head: string;
  /** The name of what it is in a request, or that of a field of the service's own. */
  target: string;
  isField: boolean;
}

export function readContactTable(text: string): ContactTable {
  const all = csvRows(text);
  const first = all.next();
  const columns = first.done ? [] : columnsOf(first.value);
  const problem = problemOf(columns);
  if (problem !== undefined) return { kind: "no-table", problem };
  const heads = new Map(columns.map(({ target, head, isField }) => [isField ? `fields ${target}` : target, head]));
  return { kind: "table", rows: rowsOf(all, columns), columnOf: (field) => heads.get(field) ?? field };
}

function columnsOf(heads: readonly string[]): Column[] {
  return heads.flatMap((head, at): Column[] => {
    const name = normaliseKey(head);
    if (name === "" || PASSED_OVER.has(name)) return [];
    const target = TARGETS.get(name) ?? addressLine(name);
    return [{ at, head, target: target ?? head, isField: target === undefined }];
  });
}

function addressLine(name: string): string | undefined {
  const [, number] = /^addressline(\d)$/.exec(name) ?? [];
  return number !== undefined && Number(number) >= 1 && Number(number) <= ADDRESS_LINES_MAX
    ? `address_line_${number}`
    : undefined;
}

function problemOf(columns: readonly Column[]): string | undefined {
  const targets = columns.map(({ target, isField }) => (isField ? `fields ${normaliseKey(target)}` : target));
  if (!targets.includes("phone_number") && !targets.includes("email_address"))
    return "The first row must name the columns, with one for phone number or email address";
  const twice = columns.find((_, at) => targets.indexOf(targets[at] ?? "") < at);
  if (twice) return `More than one column is for ${twice.head}`;
  const fields = columns.filter(({ isField }) => isField).length;
  if (fields > FIELDS_MAX) return `${fields} columns are fields of your own: ${FIELDS_MAX} at most`;
  return columns.length > COLUMNS_MAX ? `A table can have ${COLUMNS_MAX} columns at most` : undefined;
}

/** Empty rows are passed over. */
function* rowsOf(all: Iterator<string[]>, columns: readonly Column[]): Generator<ContactRow> {
  let row = 1;
  for (let next = all.next(); !next.done; next = all.next()) {
    row += 1;
    const cells = next.value;
    if (cells.some((cell) => cell !== "")) yield { row, json: jsonOf(cells, columns) };
  }
}

function jsonOf(cells: readonly string[], columns: readonly Column[]): JsonObject {
  const values = new Map<string, string>();
  const fields: [string, string][] = [];
  for (const { at, target, isField } of columns) {
    const cell = cells[at] ?? "";
    if (cell === "") continue;
    if (isField) fields.push([target, cell]);
    else values.set(target, cell);
  }
  const lines = Array.from({ length: ADDRESS_LINES_MAX }, (_, at) => values.get(`address_line_${at + 1}`));
  const address = [...lines, values.get("postcode")].filter((line) => line !== undefined);
  const plain = [...values].filter(
    ([name]) => !/^(address_line_\d|postcode|consent|consent_how|consent_given_at)$/.test(name),
  );
  return {
    ...Object.fromEntries(plain),
    ...(address.length > 0 ? { address_lines: address } : {}),
    ...(fields.length > 0 ? { fields: Object.fromEntries(fields) } : {}),
    ...consentOf(values),
  };
}

function consentOf(values: ReadonlyMap<string, string>): JsonObject {
  const purpose = values.get("consent");
  if (purpose === undefined) return {};
  return {
    consents: [{ purpose, how: values.get("consent_how") ?? "", given_at: values.get("consent_given_at") ?? "" }],
  };
}
