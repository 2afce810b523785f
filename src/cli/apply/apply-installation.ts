/** Settings of the installation as a whole. */
import { getAuditDays, setAuditDays } from "../../records/deployment/audit-period.ts";
import { getRepeatLimits, setRepeatLimits } from "../../records/deployment/repeat-limits.ts";
import { applyCurrency } from "./apply-currency.ts";
import type { DeclaredInstallation } from "./declare-installation.ts";
import { differences, said } from "./reconcile.ts";
import type { Run } from "./run.ts";

export async function applyInstallation(run: Run, wanted: DeclaredInstallation | undefined): Promise<void> {
  if (!wanted) return;
  await applyCurrency(run, wanted);
  const current = { ...(await getRepeatLimits(run.tx)), auditDays: await getAuditDays(run.tx) };
  const { repeat_guard: repeats, audit_days: auditDays } = wanted;
  const settings = { ...current, ...said({ same: repeats?.same_per_hour, any: repeats?.any_per_hour, auditDays }) };
  const { before, after } = differences(current, settings);
  if (Object.keys(after).length === 0) {
    run.unchanged.count += 1;
    return;
  }
  await setRepeatLimits(run.tx, { same: settings.same, any: settings.any });
  await setAuditDays(run.tx, settings.auditDays);
  run.changes.push({ action: "updated", kind: "installation", name: "the installation's settings", before, after });
}
