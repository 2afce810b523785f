/** The audit log has an end: it says who did what from where, and people are not watched for ever. */
import { HOME_TIME_ZONE } from "../../core/calendar/home.ts";
import { midnightDaysAgo } from "../../core/calendar/midnight.ts";
import { deleteAuditEntries } from "../../records/audit/audit-store.ts";
import { AUDIT_DAYS_MAX, AUDIT_DAYS_MIN, getAuditDays, setAuditDays } from "../../records/deployment/audit-period.ts";
import { type Actor, recordDeed } from "../actor.ts";
import type { App } from "../app.ts";
import { refuseProblems } from "../form-refusal.ts";
import { inBatches } from "../upkeep/in-batches.ts";

const DELETED_AT_ONCE_MAX = 1_000;

/** A wrong number is a refusal that names the field. */
export async function changeAuditDays(app: Pick<App, "db">, actor: Actor, days: number): Promise<void> {
  refuseProblems(auditDaysProblem(days));
  await app.db.transaction(async (tx) => {
    const before = await getAuditDays(tx);
    await setAuditDays(tx, days);
    const deed = { action: "deployment.audit-days-changed", subject: "audit log" };
    await recordDeed(tx, actor, { ...deed, before: { days: before }, after: { days } });
  });
}

function auditDaysProblem(days: number) {
  const isRight = Number.isInteger(days) && days >= AUDIT_DAYS_MIN && days <= AUDIT_DAYS_MAX;
  const message = `Enter a whole number from ${AUDIT_DAYS_MIN} to ${AUDIT_DAYS_MAX}`;
  return isRight ? [] : [{ field: "days", problem: "audit-days-wrong", message }];
}

/** Days are those of the deployment's home. Deletes in small batches, so that nobody waits. */
export async function deletePastAudit({ db, clock }: Pick<App, "db" | "clock">): Promise<{ entries: number }> {
  const before = midnightDaysAgo(clock.now(), await getAuditDays(db), HOME_TIME_ZONE);
  return { entries: await inBatches(DELETED_AT_ONCE_MAX, (limit) => deleteAuditEntries(db, { before, limit })) };
}
