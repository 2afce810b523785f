/**
 * Many contacts at once: those that are known are changed, the others made, and what is wrong is refused row by row. Bringing the same
 * table again changes nothing. Each batch is committed by itself, so that sending does not wait for a long table.
 */
import { readConsents } from "../../core/contacts/consent.ts";
import type { ContactRow } from "../../core/contacts/contact-table.ts";
import { CONTACT_NAMES, readContact } from "../../core/contacts/read-contact.ts";
import { findGroup, insertMembers } from "../../records/contacts/contact-group-store.ts";
import { type Actor, recordDeed } from "../actor.ts";
import { type Keeper, notThere } from "./phonebook.ts";
import type { Owner } from "./sealed-contacts.ts";
import { type ContactWish, writeContacts } from "./write-contacts.ts";

export const IMPORTED_ROWS_MAX = 20_000;
const BATCH_MAX = 500;
const NAMES: readonly string[] = [...CONTACT_NAMES, "consents"];

export interface RowProblem {
  /** As the API names it; undefined where it is about the whole row. */
  field: string | undefined;
  problem: string;
}

export type RowResult =
  | { row: number; kind: "made" | "changed" | "unchanged"; id: string }
  | { row: number; kind: "refused"; problems: readonly RowProblem[] };

export interface ImportResult {
  counts: Record<RowResult["kind"], number>;
  rows: readonly RowResult[];
}

export interface ContactImport {
  service: Owner;
  rows: Iterable<ContactRow>;
  /** Everybody of it is to be in this group. */
  groupId?: string | undefined;
}

/** Refuses a group that is not there before anything is written. */
export async function importContacts(app: Keeper, actor: Actor, wanted: ContactImport): Promise<ImportResult> {
  const { service, rows, groupId } = wanted;
  if (groupId !== undefined && !(await findGroup(app.db, { serviceId: service.id, id: groupId }))) throw notThere();
  const results: RowResult[] = [];
  try {
    for (const batch of batchesOf(rows)) results.push(...(await writeBatch(app, { service, groupId, batch })));
  } finally {
    if (results.length > 0) await record(app, actor, { service, results });
  }
  return { counts: countsOf(results), rows: results };
}

/** What is wrong with a row before anybody is looked up. */
export function problemsOf({ json }: ContactRow, now: Date): readonly RowProblem[] {
  const read = readRow(json, now);
  return "problems" in read ? read.problems : [];
}

function readRow(json: ContactRow["json"], now: Date): ContactWish | { problems: RowProblem[] } {
  const { change, problems } = readContact(json);
  const { consents, messages } = readConsents(json["consents"], now);
  const others = Object.keys(json).filter((name) => !NAMES.includes(name));
  const isNobody = change.number === undefined && change.emailAddress === undefined && problems.length === 0;
  const all: RowProblem[] = [
    ...problems,
    ...messages.map((problem) => ({ field: "consent", problem })),
    ...others.map((field) => ({ field, problem: "is not a property of contacts" })),
    ...(isNobody ? [{ field: undefined, problem: "phone_number or email_address is a required property" }] : []),
  ];
  return all.length > 0 ? { problems: all } : { change, consents };
}

function* batchesOf(rows: Iterable<ContactRow>): Generator<ContactRow[]> {
  let batch: ContactRow[] = [];
  for (const row of rows) {
    batch.push(row);
    if (batch.length < BATCH_MAX) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

async function writeBatch(
  app: Keeper,
  { service, groupId, batch }: { service: Owner; groupId: string | undefined; batch: readonly ContactRow[] },
): Promise<RowResult[]> {
  const now = app.clock.now();
  const read = batch.map(({ row, json }) => ({ row, wish: readRow(json, now) }));
  const good = read.flatMap(({ row, wish }) => ("change" in wish ? [{ row, wish }] : []));
  const written = await app.db.transaction(async (tx) => {
    const all = await writeContacts(app, tx, { service, wishes: good.map(({ wish }) => wish) });
    const contactIds = all.flatMap((one) => (one.kind === "refused" ? [] : [one.id]));
    if (groupId !== undefined)
      await insertMembers(tx, { serviceId: service.id, groupId, contactIds: [...new Set(contactIds)], addedAt: now });
    return all;
  });
  const byRow = new Map(good.map(({ row }, at) => [row, written[at]]));
  return read.map(({ row, wish }): RowResult => {
    if ("problems" in wish) return { row, kind: "refused", problems: wish.problems };
    const one = byRow.get(row);
    if (one && one.kind !== "refused") return { row, kind: one.kind, id: one.id };
    return { row, kind: "refused", problems: [{ field: undefined, problem: one?.problem ?? "" }] };
  });
}

async function record(
  app: Keeper,
  actor: Actor,
  { service, results }: { service: Owner; results: readonly RowResult[] },
): Promise<void> {
  const deed = { serviceId: service.id, action: "contacts.imported", subject: "contacts", after: countsOf(results) };
  await app.db.transaction((tx) => recordDeed(tx, actor, deed));
}

function countsOf(results: readonly RowResult[]): ImportResult["counts"] {
  const counts = { made: 0, changed: 0, unchanged: 0, refused: 0 };
  for (const { kind } of results) counts[kind] += 1;
  return counts;
}
