/** `/services/new`: a service of one's own, in trial mode; and `/trial-mode`, which says what that is. */
import { createService, TRIAL_DAILY_LIMIT } from "../../../flow/people/services.ts";
import { actorOf } from "../http/actor.ts";
import { type Answer, redirect } from "../http/answer.ts";
import { type Form, formOf, readFields, submit } from "../http/form.ts";
import { page } from "../http/page.ts";
import { type Route, route } from "../http/route.ts";
import type { UserVisit, Visit } from "../http/visit.ts";

const showNew = page<{ form: Form<"name">; dailyLimit: number }>("services/new.njk");
const showTrial = page<{ dailyLimit: number }>("services/trial-mode.njk");

export const newServiceRoutes: readonly Route[] = [
  route({ method: "GET", url: "/services/new", who: "signed-in", handler: askForName }),
  route({ method: "POST", url: "/services/new", who: "signed-in", handler: addService }),
  route({ method: "GET", url: "/trial-mode", who: "anyone", handler: explainTrial }),
];

function askForName(visit: UserVisit): Answer {
  return showNew(visit, { form: formOf({ name: "" }), dailyLimit: TRIAL_DAILY_LIMIT });
}

function addService(visit: UserVisit): Promise<Answer> {
  const values = readFields(visit, ["name"]);
  return submit({
    values,
    refusedAt: "name",
    act: async () => {
      const id = await createService(visit.people, actorOf(visit), values.name);
      return redirect(`/services/${id}`, { flash: visit.text("services.added") });
    },
    showAgain: (form) => showNew(visit, { form, dailyLimit: TRIAL_DAILY_LIMIT }),
  });
}

function explainTrial(visit: Visit): Answer {
  return showTrial(visit, { dailyLimit: TRIAL_DAILY_LIMIT });
}
