/** Files past their last day. What says that they were there stays for a while, so that a late reader learns why they are not. */
import { HOME_TIME_ZONE } from "../../core/calendar/home.ts";
import { clocksAt } from "../../core/calendar/wall-clock.ts";
import { blobKeyOf } from "../../records/documents/document.ts";
import {
  deleteRemovedDocuments,
  listPastDocuments,
  listUnclaimedDocuments,
  markDocumentsRemoved,
} from "../../records/documents/document-retention-store.ts";
import { deleteDocuments } from "../../records/documents/document-store.ts";
import { templateFileBlobKey } from "../../records/templates/template-file.ts";
import { deleteTemplateFiles, listUnneededTemplateFiles } from "../../records/templates/template-file-store.ts";
import type { App } from "../app.ts";
import { inBatches } from "./in-batches.ts";

const FILES_AT_ONCE_MAX = 100;
const ROWS_AT_ONCE_MAX = 1_000;
const REMOVED_KNOWN_MS = 365 * 86_400_000;
/** Far longer than a request takes. */
const UNCLAIMED_AFTER_MS = 3_600_000;

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

/** Files of emails that were never accepted, because whoever had kept them was killed or could not tell. Nobody has a link to them. */
export async function deleteUnclaimedFiles(app: App): Promise<{ files: number }> {
  const before = new Date(app.clock.now().getTime() - UNCLAIMED_AFTER_MS);
  const files = await inBatches(FILES_AT_ONCE_MAX, async (limit) => {
    const ids = await listUnclaimedDocuments(app.db, { before, limit });
    await Promise.all(ids.map((id) => app.blobs.delete(blobKeyOf(id))));
    await deleteDocuments(app.db, ids);
    return ids.length;
  });
  return { files };
}

/** Files of templates that were removed, once no link leads to them any more, and those whose upload was cut off. */
export async function deleteUnneededTemplateFiles(app: App): Promise<{ files: number }> {
  const before = new Date(app.clock.now().getTime() - UNCLAIMED_AFTER_MS);
  const files = await inBatches(FILES_AT_ONCE_MAX, async (limit) => {
    const ids = await listUnneededTemplateFiles(app.db, { before, limit });
    await Promise.all(ids.map((id) => app.blobs.delete(templateFileBlobKey(id))));
    await deleteTemplateFiles(app.db, ids);
    return ids.length;
  });
  return { files };
}
