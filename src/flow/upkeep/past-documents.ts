/** Files past their last day. What says that they were there stays for a while, so that a late reader learns why they are not. */
import { clocksAt } from "../../core/calendar/wall-clock.ts";
import { blobKeyOf } from "../../records/documents/document.ts";
import {
  deleteRemovedDocuments,
  listPastDocuments,
  markDocumentsRemoved,
} from "../../records/documents/document-retention-store.ts";
import type { App } from "../app.ts";
import { HOME_TIME_ZONE } from "../files/keep-file.ts";
import { inBatches } from "./in-batches.ts";

const FILES_AT_ONCE_MAX = 100;
const ROWS_AT_ONCE_MAX = 1_000;
const REMOVED_KNOWN_MS = 365 * 86_400_000;

export async function deletePastFiles(app: App): Promise<{ files: number; records: number }> {
  const today = clocksAt(app.clock.now(), HOME_TIME_ZONE).date;
  const files = await inBatches(FILES_AT_ONCE_MAX, async (limit) => {
    const ids = await listPastDocuments(app.db, { today, limit });
    await Promise.all(ids.map((id) => app.blobs.delete(blobKeyOf(id))));
    await markDocumentsRemoved(app.db, ids, app.clock.now());
    return ids.length;
  });
  const before = new Date(app.clock.now().getTime() - REMOVED_KNOWN_MS);
  const records = await inBatches(ROWS_AT_ONCE_MAX, (limit) => deleteRemovedDocuments(app.db, { before, limit }));
  return { files, records };
}
