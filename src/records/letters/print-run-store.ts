/** Print runs: letters handed to one printer together. A letter is in one run at most, and never leaves it. */
import { type Db, sqlConstant, type Tx } from "../../platform/db.ts";
import { firstIdAt } from "../../platform/ids.ts";
import type { KeyKind } from "../services/service.ts";
import type { LetterToPrint } from "./letter.ts";

export interface PrintRun {
  id: string;
  provider: string;
  cutOffAt: Date;
  letters: number;
  failedTries: number;
  lastProblem: string | undefined;
  preparedAt: Date | undefined;
  finishedAt: Date | undefined;
  createdAt: Date;
}

const COLUMNS = sqlConstant(`
  r.id, r.provider, r.cut_off_at, r.letters, r.failed_tries, r.last_problem, r.prepared_at, r.finished_at, r.created_at`);

const LETTER_COLUMNS = sqlConstant(`
  l.notification_id, l.service_id, n.key_kind, n.status, l.postage, l.sealed_address, l.pages, l.sheets, l.stored_as, l.pdf_bytes,
  l.pdf_sha256, n.created_at`);

export interface AwaitingLetter {
  notificationId: string;
  keyKind: KeyKind;
  isInternational: boolean;
}

/**
 * Letters that were made before a moment and are in no run yet, oldest first, held until the transaction ends; those that somebody
 * else holds at this moment are left out.
 */
export function lockAwaitingLetters(
  tx: Tx,
  wanted: { before: Date; after: string | undefined; limit: number },
): Promise<AwaitingLetter[]> {
  return tx.query<AwaitingLetter>`
    select l.notification_id, n.key_kind, n.is_international
    from letters l join notifications n on n.id = l.notification_id
    where l.awaits_print and n.status in ('created', 'sending') and l.notification_id < ${firstIdAt(wanted.before)}::uuid
      and (${wanted.after ?? null}::uuid is null or l.notification_id > ${wanted.after ?? null}::uuid)
    order by l.notification_id limit ${wanted.limit} for update of l skip locked`;
}

/** A run of these letters, in the transaction that holds them. */
export async function insertPrintRun(
  tx: Tx,
  run: Pick<PrintRun, "id" | "provider" | "cutOffAt" | "createdAt">,
  letterIds: readonly string[],
): Promise<void> {
  await tx.query`
    insert into print_runs (id, provider, cut_off_at, letters, created_at)
    values (${run.id}, ${run.provider}, ${run.cutOffAt}, ${letterIds.length}, ${run.createdAt})`;
  await tx.query`
    update letters set print_run_id = ${run.id}, awaits_print = false where notification_id = any(${letterIds}::uuid[])`;
}

export async function findPrintRun(db: Db, id: string): Promise<PrintRun | undefined> {
  const [run] = await db.query<PrintRun>`select ${COLUMNS} from print_runs r where r.id = ${id}`;
  return run;
}

/** Runs that are under way or in trouble, oldest first. */
export function listUnfinishedRuns(db: Db, limit: number): Promise<PrintRun[]> {
  return db.query<PrintRun>`
    select ${COLUMNS} from print_runs r where r.finished_at is null order by r.id limit ${limit}`;
}

/** Letters of a run that its printer has not been given yet, a page at a time. */
export function listLettersToHandOver(
  db: Db,
  runId: string,
  page: { after: string | undefined; limit: number },
): Promise<LetterToPrint[]> {
  return db.query<LetterToPrint>`
    select ${LETTER_COLUMNS}
    from letters l join notifications n on n.id = l.notification_id
    where l.print_run_id = ${runId} and l.handed_over_at is null and n.status in ('created', 'sending')
      and (${page.after ?? null}::uuid is null or l.notification_id > ${page.after ?? null}::uuid)
    order by l.notification_id limit ${page.limit}`;
}

/** Letters of a run that its printer has been given. */
export function listHandedOver(db: Db, runId: string): Promise<LetterToPrint[]> {
  return db.query<LetterToPrint>`
    select ${LETTER_COLUMNS}
    from letters l join notifications n on n.id = l.notification_id
    where l.print_run_id = ${runId} and l.handed_over_at is not null order by l.notification_id`;
}

/** Every letter of a run that can still fail. */
export async function listUnsettled(db: Db, runId: string, wanted: { handedOver: boolean }): Promise<string[]> {
  const rows = await db.query<{ id: string }>`
    select l.notification_id as id
    from letters l join notifications n on n.id = l.notification_id
    where l.print_run_id = ${runId} and n.status in ('created', 'sending') and (${wanted.handedOver} or l.handed_over_at is null)`;
  return rows.map(({ id }) => id);
}

export async function recordHandedOver(
  tx: Tx,
  handed: { ids: readonly string[]; provider: string; at: Date },
): Promise<void> {
  await tx.query`
    update letters set handed_over_at = ${handed.at}
    where notification_id = any(${handed.ids}::uuid[]) and handed_over_at is null`;
  await tx.query`
    update notifications set status = case when status = 'created' then 'sending' else status end, sent_at = ${handed.at},
      updated_at = ${handed.at}, provider = ${handed.provider}, attempts = attempts + 1
    where id = any(${handed.ids}::uuid[]) and sent_at is null`;
}

export async function recordPrepared(db: Db, id: string, at: Date): Promise<void> {
  await db.query`update print_runs set prepared_at = ${at} where id = ${id} and prepared_at is null`;
}

export async function recordFinished(
  tx: Tx,
  id: string,
  finished: { at: Date; problem: string | undefined },
): Promise<void> {
  await tx.query`
    update print_runs set finished_at = ${finished.at}, last_problem = ${finished.problem ?? null} where id = ${id}`;
}

/** Says how many tries have failed by now. */
export async function recordFailedTry(tx: Tx, id: string, problem: string): Promise<number> {
  const [run] = await tx.query<{ failedTries: number }>`
    update print_runs set failed_tries = failed_tries + 1, last_problem = ${problem} where id = ${id} returning failed_tries`;
  return run?.failedTries ?? 0;
}
