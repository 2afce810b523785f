/** Print runs: letters handed to one printer together. A letter is in one run at most, and never leaves it. */
import type { Tx } from "../../platform/db.ts";
import { firstIdAt } from "../../platform/ids.ts";
import type { KeyKind } from "../services/service.ts";

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
    where l.awaits_print and l.notification_id < ${firstIdAt(wanted.before)}::uuid
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
