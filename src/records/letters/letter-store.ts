/** Letters, as the database keeps them. */

import { type Db, sqlConstant, type Tx } from "../../platform/db.ts";
import type { Letter } from "./letter.ts";

const COLUMNS = sqlConstant(`
  l.notification_id, l.service_id, l.is_precompiled, l.postage, l.sealed_address, l.pages, l.sheets, l.reason_code, l.reason_pages,
  l.stored_as, l.pdf_bytes, l.pdf_sha256, l.awaits_print, l.print_run_id, l.handed_over_at, l.despatched_at, l.returned_at`);

/** Those of the given notifications that are letters. */
export function listLetters(db: Db, notificationIds: readonly string[]): Promise<Letter[]> {
  return db.query<Letter>`
    select ${COLUMNS} from letters l where l.notification_id = any(${notificationIds}::uuid[])`;
}

export async function recordDespatched(tx: Tx, notificationIds: readonly string[], at: Date): Promise<void> {
  await tx.query`
    update letters set despatched_at = coalesce(despatched_at, ${at}) where notification_id = any(${notificationIds}::uuid[])`;
}

export async function recordReturned(tx: Tx, notificationIds: readonly string[], at: Date): Promise<void> {
  await tx.query`
    update letters set returned_at = coalesce(returned_at, ${at}) where notification_id = any(${notificationIds}::uuid[])`;
}
