/** `/services/:sid/settings/repeat-guard` and `…/quiet-hours`: how often and when texts may go to somebody. */
import { setQuietHours, setServiceRepeatLimits } from "../../../flow/services/guards.ts";
import {
  getRepeatLimits,
  REPEAT_LIMITS_ADVISED,
  type RepeatLimits,
} from "../../../records/deployment/repeat-limits.ts";
import { findRepeatLimits } from "../../../records/services/service-setting-store.ts";
import { actorOf } from "../http/actor.ts";
import { type Answer, redirect } from "../http/answer.ts";
import { type Form, formOf, readFields, submit } from "../http/form.ts";
import { page } from "../http/page.ts";
import { type Route, route } from "../http/route.ts";
import type { ServiceVisit } from "../http/visit.ts";

const SETTINGS = "/services/:sid/settings";
const who = { permission: "manage_service" } as const;
const LIMIT_FIELDS = ["same", "any"] as const;
const HOUR_FIELDS = ["from", "until"] as const;
type LimitField = (typeof LIMIT_FIELDS)[number];
type HourField = (typeof HOUR_FIELDS)[number];

const showRepeatGuard = page<{
  serviceId: string;
  form: Form<LimitField>;
  installation: RepeatLimits;
  advised: RepeatLimits;
}>("settings/repeat-guard.njk");
const showQuietHours = page<{ serviceId: string; form: Form<HourField> }>("settings/quiet-hours.njk");

export const guardRoutes: readonly Route[] = [
  route({ method: "GET", url: `${SETTINGS}/repeat-guard`, who, handler: askForLimits }),
  route({ method: "POST", url: `${SETTINGS}/repeat-guard`, who, handler: saveLimits }),
  route({ method: "GET", url: `${SETTINGS}/quiet-hours`, who, handler: askForHours }),
  route({ method: "POST", url: `${SETTINGS}/quiet-hours`, who, handler: saveHours }),
];

async function askForLimits(visit: ServiceVisit): Promise<Answer> {
  const { same, any } = await findRepeatLimits(visit.app.db, visit.service.id);
  return showLimits(visit, formOf({ same: typed(same), any: typed(any) }));
}

const typed = (limit: number | undefined): string => (limit === undefined ? "" : String(limit));

async function showLimits(visit: ServiceVisit, form: Form<LimitField>): Promise<Answer> {
  const installation = await getRepeatLimits(visit.app.db);
  return showRepeatGuard(visit, {
    ...{ serviceId: visit.service.id, form, installation },
    advised: REPEAT_LIMITS_ADVISED,
  });
}

async function saveLimits(visit: ServiceVisit): Promise<Answer> {
  const { app, service } = visit;
  const values = readFields(visit, LIMIT_FIELDS);
  return submit({
    values,
    refusedAt: "same",
    act: async () => {
      const value = { same: parseLimit(values.same), any: parseLimit(values.any) };
      await setServiceRepeatLimits(app, actorOf(visit), { serviceId: service.id, value });
      return saved(visit);
    },
    showAgain: (form) => showLimits(visit, form),
  });
}

/** Undefined for nothing; what is no number is not a number. */
export function parseLimit(text: string): number | undefined {
  const trimmed = text.trim();
  if (trimmed === "") return undefined;
  return /^\d{1,6}$/.test(trimmed) ? Number(trimmed) : Number.NaN;
}

function askForHours(visit: ServiceVisit): Answer {
  const { from = "", until = "" } = visit.service.quietHours ?? {};
  return showHours(visit, formOf({ from, until }));
}

function showHours(visit: ServiceVisit, form: Form<HourField>): Answer {
  return showQuietHours(visit, { serviceId: visit.service.id, form });
}

async function saveHours(visit: ServiceVisit): Promise<Answer> {
  const { app, service } = visit;
  const values = readFields(visit, HOUR_FIELDS);
  return submit({
    values,
    refusedAt: "until",
    act: async () => {
      const [from, until] = [values.from.trim(), values.until.trim()];
      const value = from === "" && until === "" ? undefined : { from, until };
      await setQuietHours(app, actorOf(visit), { serviceId: service.id, value });
      return saved(visit);
    },
    showAgain: (form) => showHours(visit, form),
  });
}

function saved({ service, text }: ServiceVisit): Answer {
  return redirect(`/services/${service.id}/settings`, { flash: text("settings.saved") });
}
