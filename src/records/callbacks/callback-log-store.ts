/** The log of callbacks, read: what was told, to whom, and what they said. */
import { type Db, sqlConstant } from "../../platform/db.ts";
import { timeOfId } from "../../platform/ids.ts";
import type { CallbackAttempt } from "./callback-attempt-store.ts";

export interface LoggedAttempt extends CallbackAttempt {
  id: string;
  at: Date;
}

export interface AttemptFilter {
  serviceId: string;
  /** What an endpoint is and was. */
  callbackIds?: readonly string[] | undefined;
  /** Only those that the service did not take. */
  onlyFailed?: boolean | undefined;
  /** The id of the last attempt of the page before. */
  olderThan?: string | undefined;
  limit: number;
}

/** Of attempts that one look goes through. */
const WALKED_MAX = 50_000;
const ATTEMPTS_OF_ONE_MAX = 200;
const LAST_ID = "ffffffff-ffff-ffff-ffff-ffffffffffff";
const COLUMNS = sqlConstant(`
  a.id, a.callback_id, a.service_id, a.subject_id, a.kind, a.attempt, a.outcome, a.http_status, a.problem, a.duration_ms`);

/** Attempts of a service, newest first. */
export async function listCallbackAttempts(db: Db, filter: AttemptFilter): Promise<LoggedAttempt[]> {
  const { serviceId, callbackIds = null, onlyFailed = false, olderThan = LAST_ID, limit } = filter;
  const rows = await db.query<Omit<LoggedAttempt, "at">>`
    select ${COLUMNS} from (
      select ${COLUMNS} from callback_attempts a
      where a.service_id = ${serviceId} and a.id < ${olderThan}::uuid order by a.id desc limit ${WALKED_MAX}) a
    where (${callbackIds}::uuid[] is null or a.callback_id = any(${callbackIds}::uuid[])) and not (${onlyFailed} and a.outcome = 'delivered')
    order by a.id desc limit ${limit}`;
  return rows.map(withTime);
}

/** Attempts to tell about one notification or received text, oldest first. */
export async function listAttemptsAbout(db: Db, serviceId: string, subjectId: string): Promise<LoggedAttempt[]> {
  const rows = await db.query<Omit<LoggedAttempt, "at">>`
    select ${COLUMNS} from callback_attempts a
    where a.subject_id = ${subjectId} and a.service_id = ${serviceId} and a.id > ${subjectId}::uuid
    order by a.id limit ${ATTEMPTS_OF_ONE_MAX}`;
  return rows.map(withTime);
}

export async function findCallbackAttempt(db: Db, serviceId: string, id: string): Promise<LoggedAttempt | undefined> {
  const [row] = await db.query<Omit<LoggedAttempt, "at">>`
    select ${COLUMNS} from callback_attempts a where a.id = ${id} and a.service_id = ${serviceId}`;
  return row && withTime(row);
}

function withTime(row: Omit<LoggedAttempt, "at">): LoggedAttempt {
  return { ...row, at: timeOfId(row.id) };
}
