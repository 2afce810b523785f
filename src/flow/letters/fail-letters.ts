/** Letters that will not be printed through no fault of theirs. */
import { statusesBefore } from "../../core/delivery/statuses.ts";
import type { Db, Tx } from "../../platform/db.ts";
import { listUnsettled, type PrintRun } from "../../records/letters/print-run-store.ts";
import { insertEvents } from "../../records/notifications/event-store.ts";
import { moveStatus } from "../../records/notifications/notification-store.ts";
import type { App } from "../app.ts";

export interface FailedLetters {
  ids: readonly string[];
  provider?: string;
  reason: string;
  code?: string | undefined;
}

/** A technical failure costs the service nothing. */
export async function failLetters(app: Pick<App, "clock">, tx: Tx, failed: FailedLetters): Promise<void> {
  const { ids, provider, reason, code } = failed;
  if (ids.length === 0) return;
  const to = "technical-failure";
  const moved = await moveStatus(tx, { ids, to, from: statusesBefore(to), at: app.clock.now(), reportedCode: code });
  await insertEvents(
    tx,
    moved.map(({ id }) => ({ notificationId: id, kind: "gave-up", provider, reason, code })),
  );
}

/**
 * What a run given up has not printed: of a printer that is told of the whole, nothing; of one that takes letters one by one, those it was
 * not given. Which it is shows in the run: only the first kind is prepared, or has nothing left to hand over.
 */
export async function listUnprinted(db: Db, run: PrintRun): Promise<string[]> {
  const notHandedOver = await listUnsettled(db, run.id, { handedOver: false });
  const isOfWhole = run.preparedAt !== undefined || notHandedOver.length === 0;
  return isOfWhole ? listUnsettled(db, run.id, { handedOver: true }) : notHandedOver;
}
