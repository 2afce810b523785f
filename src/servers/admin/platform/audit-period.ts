/** `/platform/settings/audit`: for how long the audit log is kept. */
import { changeAuditDays } from "../../../flow/platform/audit-period.ts";
import { AUDIT_DAYS_MAX, AUDIT_DAYS_MIN, getAuditDays } from "../../../records/deployment/audit-period.ts";
import { actorOf } from "../http/actor.ts";
import { type Answer, redirect } from "../http/answer.ts";
import { type Form, formOf, readFields, submit } from "../http/form.ts";
import { page } from "../http/page.ts";
import { type Route, route } from "../http/route.ts";
import type { UserVisit } from "../http/visit.ts";
import { parseLimit } from "../settings/guards.ts";

const AUDIT_PERIOD_URL = "/platform/settings/audit";
const FIELDS = ["days"] as const;
type Field = (typeof FIELDS)[number];

const showPeriod = page<{ form: Form<Field>; least: number; most: number }>("platform/audit-period.njk");

export const auditPeriodRoutes: readonly Route[] = [
  route({ method: "GET", url: AUDIT_PERIOD_URL, who: "platform-admin", handler: ask }),
  route({ method: "POST", url: AUDIT_PERIOD_URL, who: "platform-admin", handler: save }),
];

async function ask(visit: UserVisit): Promise<Answer> {
  return show(visit, formOf({ days: String(await getAuditDays(visit.app.db)) }));
}

function show(visit: UserVisit, form: Form<Field>): Answer {
  return showPeriod(visit, { form, least: AUDIT_DAYS_MIN, most: AUDIT_DAYS_MAX });
}

function save(visit: UserVisit): Promise<Answer> {
  const values = readFields(visit, FIELDS);
  return submit({
    values,
    refusedAt: "days",
    act: async () => {
      await changeAuditDays(visit.app, actorOf(visit), parseLimit(values.days) ?? Number.NaN);
      return redirect("/platform/settings", { flash: visit.text("settings.saved") });
    },
    showAgain: (form) => show(visit, form),
  });
}
