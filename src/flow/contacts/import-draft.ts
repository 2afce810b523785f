/** A table that somebody has brought: kept sealed for a day while they look at what is wrong with it, until it goes in. */
import { type ContactTable, readContactTable } from "../../core/contacts/contact-table.ts";
import { decodeTable } from "../../core/csv/decode-table.ts";
import { Refusal } from "../../core/refusal.ts";
import { newRandomId } from "../../platform/ids.ts";
import { open, seal } from "../../platform/sealing.ts";
import type { CountedGroup } from "../../records/contacts/contact.ts";
import { findGroup } from "../../records/contacts/contact-group-store.ts";
import { deleteImportDraft, findImportDraft, insertImportDraft } from "../../records/contacts/import-draft-store.ts";
import { sealedAt } from "../../records/services/service-store.ts";
import type { Actor } from "../actor.ts";
import type { App } from "../app.ts";
import { IMPORTED_ROWS_MAX, type ImportResult, importContacts, problemsOf } from "./import-contacts.ts";
import type { Keeper } from "./phonebook.ts";
import type { Owner } from "./sealed-contacts.ts";

const PROBLEMS_SHOWN_MAX = 50;

export interface ImportPerson {
  service: Owner;
  userId: string;
}

type Table = Extract<ContactTable, { kind: "table" }>;

/** Answers its id. Refuses what is no table of contacts. */
export async function keepDraft(
  { db, clock }: Pick<App, "db" | "clock">,
  { service, userId }: ImportPerson,
  { bytes, groupId }: { bytes: Buffer; groupId: string | undefined },
): Promise<string> {
  const text = decodeTable(bytes);
  refuseWrongSize(readTable(text));
  const id = newRandomId();
  const sealedTable = seal({ key: service.dataKey, belongsTo: sealedAt.importDraft(id) }, text);
  await insertImportDraft(db, { id, serviceId: service.id, userId, sealedTable, groupId, savedAt: clock.now() });
  return id;
}

function readTable(text: string): Table {
  const table = readContactTable(text);
  if (table.kind === "no-table") throw new Refusal("bad-request", table.problem);
  return table;
}

function refuseWrongSize({ rows }: Table): void {
  let count = 0;
  for (const _ of rows) {
    count += 1;
    if (count > IMPORTED_ROWS_MAX)
      throw new Refusal("bad-request", `A table can have ${IMPORTED_ROWS_MAX} rows at most`);
  }
  if (count === 0) throw new Refusal("bad-request", "There is no row with a contact");
}

export interface CheckedDraft {
  good: number;
  wrong: number;
  /** The first of them. */
  problems: readonly { row: number; column: string | undefined; problem: string }[];
  group: CountedGroup | undefined;
}

/** What would be refused whoever is known already. */
export async function checkDraft(
  app: Pick<App, "db" | "clock">,
  person: ImportPerson,
  id: string,
): Promise<CheckedDraft> {
  const { table, groupId } = await openDraft(app, person, id);
  const checked = { good: 0, wrong: 0, problems: [] as { row: number; column: string | undefined; problem: string }[] };
  for (const row of table.rows) {
    const [first] = problemsOf(row, app.clock.now());
    checked[first ? "wrong" : "good"] += 1;
    if (!first || checked.problems.length === PROBLEMS_SHOWN_MAX) continue;
    const column = first.field === undefined ? undefined : table.columnOf(first.field);
    checked.problems.push({ row: row.row, column, problem: first.problem });
  }
  const group =
    groupId === undefined ? undefined : await findGroup(app.db, { serviceId: person.service.id, id: groupId });
  return { ...checked, group };
}

/** Takes in what can be, and forgets the table. */
export async function importDraft(
  app: Keeper,
  actor: Actor,
  { person, id }: { person: ImportPerson; id: string },
): Promise<ImportResult> {
  const { table, groupId } = await openDraft(app, person, id);
  const result = await importContacts(app, actor, { service: person.service, rows: table.rows, groupId });
  await deleteImportDraft(app.db, id);
  return result;
}

async function openDraft({ db }: Pick<App, "db">, { service, userId }: ImportPerson, id: string) {
  const draft = await findImportDraft(db, { id, serviceId: service.id, userId });
  if (!draft) throw new Refusal("not-found", "There is no such table; bring it again");
  const text = open({ key: service.dataKey, belongsTo: sealedAt.importDraft(id) }, draft.sealedTable).toString();
  return { table: readTable(text), groupId: draft.groupId };
}
