/** Letters that somebody of a service brought as a PDF, as the service looks through them. */
import type { Status } from "../../core/delivery/statuses.ts";
import type { Db } from "../../platform/db.ts";

export interface UploadedLetter {
  id: string;
  /** What its file was called. */
  fileName: string;
  status: Status;
  createdAt: Date;
  createdByName: string | undefined;
  pages: number | undefined;
  sheets: number | undefined;
}

const LAST_ID = "ffffffff-ffff-ffff-ffff-ffffffffffff";

/** The newest first; `olderThan` is the last of the page before. Those that came over the API are not among them. */
export function listUploadedLetters(
  db: Db,
  serviceId: string,
  { olderThan = LAST_ID, limit }: { olderThan?: string | undefined; limit: number },
): Promise<UploadedLetter[]> {
  return db.query<UploadedLetter>`
    select n.id, coalesce(n.reference, '') as file_name, n.status, n.created_at, n.created_by_name, l.pages, l.sheets
    from letters l join notifications n on n.id = l.notification_id
    where l.service_id = ${serviceId} and l.is_precompiled and l.notification_id < ${olderThan}::uuid and n.api_key_id is null
    order by l.notification_id desc limit ${limit}`;
}
