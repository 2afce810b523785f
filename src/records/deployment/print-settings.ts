/** When this installation prints its letters. */
import { DEFAULT_PRINT_TIMETABLE, type PrintTimetable } from "../../core/letter/print-timetable.ts";
import type { Db, Tx } from "../../platform/db.ts";
import { createTimedCache } from "../../platform/timed-cache.ts";

/** A cut-off that has been moved shows on every process within two seconds. */
const TIMETABLE_TTL_MS = 1_500;

export async function getPrintTimetable(db: Db): Promise<PrintTimetable> {
  const [row] = await db.query<{ printing: Partial<PrintTimetable> | undefined }>`
    select d.settings -> 'printing' as printing from deployment d`;
  return { ...DEFAULT_PRINT_TIMETABLE, ...row?.printing };
}

export async function setPrintTimetable(tx: Tx, timetable: PrintTimetable): Promise<void> {
  const changed = JSON.stringify({ printing: timetable });
  const rows = await tx.query<{ id: string }>`
    update deployment set settings = settings || ${changed}::jsonb returning id`;
  if (rows.length === 0) throw new Error("the deployment row is missing");
}

/** The timetable as read a moment ago, for answers that name it again and again. */
export function createPrintTimetable(db: Db): () => Promise<PrintTimetable> {
  const cache = createTimedCache<"only", PrintTimetable>({
    ttlMs: TIMETABLE_TTL_MS,
    maxEntries: 1,
    load: () => getPrintTimetable(db),
  });
  return () => cache.get("only");
}
