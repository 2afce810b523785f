/** `/platform/settings/repeat-guard`: how often texts may go to one number, for services that have not said otherwise. */
import { changeRepeatLimits } from "../../../flow/services/guards.ts";
import {
  getRepeatLimits,
  REPEAT_LIMITS_ADVISED,
  type RepeatLimits,
} from "../../../records/deployment/repeat-limits.ts";
import { actorOf } from "../http/actor.ts";
import { type Answer, redirect } from "../http/answer.ts";
import { type Form, formOf, readFields, submit } from "../http/form.ts";
import { page } from "../http/page.ts";
import { type Route, route } from "../http/route.ts";
import type { UserVisit } from "../http/visit.ts";
import { parseLimit } from "../settings/guards.ts";

const REPEAT_GUARD_URL = "/platform/settings/repeat-guard";
const FIELDS = ["same", "any"] as const;
type Field = (typeof FIELDS)[number];

const showRepeatGuard = page<{ form: Form<Field>; advised: RepeatLimits }>("platform/repeat-guard.njk");

export const repeatGuardRoutes: readonly Route[] = [
  route({ method: "GET", url: REPEAT_GUARD_URL, who: "platform-admin", handler: ask }),
  route({ method: "POST", url: REPEAT_GUARD_URL, who: "platform-admin", handler: save }),
];

async function ask(visit: UserVisit): Promise<Answer> {
  const { same, any } = await getRepeatLimits(visit.app.db);
  return show(visit, formOf({ same: String(same), any: String(any) }));
}

function show(visit: UserVisit, form: Form<Field>): Answer {
  return showRepeatGuard(visit, { form, advised: REPEAT_LIMITS_ADVISED });
}

function save(visit: UserVisit): Promise<Answer> {
  const values = readFields(visit, FIELDS);
  return submit({
    values,
    refusedAt: "same",
    act: async () => {
      const limits = { same: parseLimit(values.same) ?? 0, any: parseLimit(values.any) ?? 0 };
      await changeRepeatLimits(visit.app, actorOf(visit), limits);
      return redirect("/platform/settings", { flash: visit.text("settings.saved") });
    },
    showAgain: (form) => show(visit, form),
  });
}
