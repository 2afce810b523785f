/** When this installation prints its letters. */
import { DEFAULT_PRINT_TIMETABLE, type PrintTimetable } from "../../core/letter/print-timetable.ts";
import type { Db, Tx } from "../../platform/db.ts";

export async function getPrintTimetable(db: Db): Promise<PrintTimetable> {
  const [row] = await db.query<{ printing: Partial<PrintTimetable> | undefined }>`
    select d.settings -> 'printing' as printing from deployment d`;
  return { ...DEFAULT_PRINT_TIMETABLE, ...row?.printing };
}

export async function setPrintTimetable(tx: Tx, timetable: PrintTimetable): Promise<void> {
  const changed = JSON.stringify({ printing: timetable });
  await tx.query`update deployment set settings = settings || ${changed}::jsonb`;
}
