/** `/services/:sid/settings/suppression`: who is put on the suppression list without anybody's doing. */
import { FAILURES_IN_A_ROW } from "../../../core/suppression/suppression-reason.ts";
import { setSuppressionRules } from "../../../flow/services/guards.ts";
import { actorOf } from "../http/actor.ts";
import { type Answer, redirect } from "../http/answer.ts";
import { type Form, formOf, readFields, submit } from "../http/form.ts";
import { page } from "../http/page.ts";
import { type Route, route } from "../http/route.ts";
import type { ServiceVisit } from "../http/visit.ts";
import { parseLimit } from "./guards.ts";

const URL = "/services/:sid/settings/suppression";
const who = { permission: "manage_service" } as const;
const FIELDS = ["afterFailures", "objectors"] as const;
type Field = (typeof FIELDS)[number];

const showRules = page<{ serviceId: string; form: Form<Field>; failures: typeof FAILURES_IN_A_ROW }>(
  "settings/suppression.njk",
);

export const suppressionRuleRoutes: readonly Route[] = [
  route({ method: "GET", url: URL, who, handler: askForRules }),
  route({ method: "POST", url: URL, who, handler: saveRules }),
];

function askForRules(visit: ServiceVisit): Answer {
  const { suppressAfterFailures: failures, suppressesObjectors } = visit.service;
  const afterFailures = failures === undefined ? "" : String(failures);
  return show(visit, formOf({ afterFailures, objectors: suppressesObjectors ? "yes" : "" }));
}

function show(visit: ServiceVisit, form: Form<Field>): Answer {
  return showRules(visit, { serviceId: visit.service.id, form, failures: FAILURES_IN_A_ROW });
}

async function saveRules(visit: ServiceVisit): Promise<Answer> {
  const { app, service, text } = visit;
  const values = readFields(visit, FIELDS);
  return submit({
    values,
    refusedAt: "afterFailures",
    act: async () => {
      const value = { afterFailures: parseLimit(values.afterFailures), objectors: values.objectors === "yes" };
      await setSuppressionRules(app, actorOf(visit), { serviceId: service.id, value });
      return redirect(`/services/${service.id}/settings`, { flash: text("settings.saved") });
    },
    showAgain: (form) => show(visit, form),
  });
}
