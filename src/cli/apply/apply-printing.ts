/** When letters go to the printer. */
import { type PrintTimetable, printTimetableProblem } from "../../core/letter/print-timetable.ts";
import { getPrintTimetable, setPrintTimetable } from "../../records/deployment/print-settings.ts";
import type { DeclaredPrinting } from "./declaration.ts";
import { refuseAt } from "./read.ts";
import { differences, said } from "./reconcile.ts";
import type { Run } from "./run.ts";

export async function applyPrinting(run: Run, wanted: DeclaredPrinting | undefined): Promise<void> {
  if (!wanted) return;
  const current = await getPrintTimetable(run.tx);
  const { time_zone: timeZone, cut_off: cutOff, run_at: runAt } = wanted;
  const timetable: PrintTimetable = { ...current, ...said({ timeZone, cutOff, runAt }) };
  const problem = printTimetableProblem(timetable);
  if (problem !== undefined) refuseAt(wanted.at, problem);
  const { before, after } = differences({ ...current }, { ...timetable });
  if (Object.keys(after).length === 0) {
    run.unchanged.count += 1;
    return;
  }
  await setPrintTimetable(run.tx, timetable);
  run.changes.push({ action: "updated", kind: "printing", name: "the day's print run", before, after });
}
