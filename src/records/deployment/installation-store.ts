/** What the database server says of itself and of the processes that are connected to it. Reads only. */
import type { Db } from "../../platform/db.ts";

export interface ServerFacts {
  version: string;
  sizeBytes: number;
  /** How far its clock is ahead of ours, roughly. */
  clockAheadMs: number;
}

export async function readServerFacts(db: Db): Promise<ServerFacts> {
  const askedAtMs = Date.now();
  const [row] = await db.query<{ version: string; sizeBytes: number; now: Date }>`
    select current_setting('server_version') as version, pg_database_size(current_database()) as size_bytes, clock_timestamp() as now`;
  const answeredAtMs = Date.now();
  if (!row) throw new Error("the database says nothing of itself");
  const clockAheadMs = row.now.getTime() - (askedAtMs + answeredAtMs) / 2;
  return { version: row.version, sizeBytes: row.sizeBytes, clockAheadMs };
}

export interface ProcessFacts {
  role: string;
  connections: number;
  since: Date;
}

/** Our processes, as the server sees them: by the names their connections have. */
export function listProcesses(db: Db): Promise<ProcessFacts[]> {
  return db.query<ProcessFacts>`
    select substring(a.application_name from 11) as role, count(*)::integer as connections, min(a.backend_start) as since
    from pg_stat_activity a
    where a.datname = current_database() and a.application_name like 'pennypost %' and a.pid <> pg_backend_pid()
    group by a.application_name order by a.application_name`;
}
