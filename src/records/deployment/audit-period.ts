/** For how many days the audit log is kept. */
import type { Db, Tx } from "../../platform/db.ts";

/** A year: long enough to answer questions and to compare; the log has people's names and addresses, so more needs a reason. */
const AUDIT_DAYS_DEFAULT = 365;
/** What is found out late, as most breaches are, can still be looked into. */
export const AUDIT_DAYS_MIN = 30;
export const AUDIT_DAYS_MAX = 3_650;

export async function getAuditDays(db: Db): Promise<number> {
  const [row] = await db.query<{ days: number | null }>`
    select (d.settings ->> 'auditDays')::integer as days from deployment d`;
  return row?.days ?? AUDIT_DAYS_DEFAULT;
}

export async function setAuditDays(tx: Tx, auditDays: number): Promise<void> {
  const rows = await tx.query<{ id: string }>`
    update deployment set settings = settings || ${JSON.stringify({ auditDays })}::jsonb returning id`;
  if (rows.length === 0) throw new Error("the deployment row is missing");
}
