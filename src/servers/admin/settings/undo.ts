/** `/services/:sid/settings/undo`: how long messages wait so that they can be taken back. */
import { UNDO_LANES, UNDO_MAX_SECONDS } from "../../../core/delivery/undo-window.ts";
import { setUndoWindow } from "../../../flow/services/guards.ts";
import { actorOf } from "../http/actor.ts";
import { type Answer, redirect } from "../http/answer.ts";
import { type Form, formOf, readFields, readList, submit } from "../http/form.ts";
import { page } from "../http/page.ts";
import { type Route, route } from "../http/route.ts";
import type { ServiceVisit } from "../http/visit.ts";
import { parseLimit } from "./guards.ts";

const UNDO_URL = "/services/:sid/settings/undo";
const who = { permission: "manage_service" } as const;
type Field = "seconds" | "lanes";

const showUndo = page<{
  serviceId: string;
  form: Form<Field>;
  max: number;
  lanes: readonly { value: string; text: string; checked: boolean }[];
}>("settings/undo.njk");

export const undoRoutes: readonly Route[] = [
  route({ method: "GET", url: UNDO_URL, who, handler: ask }),
  route({ method: "POST", url: UNDO_URL, who, handler: save }),
];

function ask(visit: ServiceVisit): Answer {
  const { seconds, lanes } = visit.service.undo;
  return show(visit, formOf({ seconds: String(seconds), lanes: lanes.join(" ") }));
}

function show(visit: ServiceVisit, form: Form<Field>): Answer {
  const { service, text } = visit;
  const chosen = form.values.lanes.split(" ");
  const lanes = UNDO_LANES.map((value) => {
    return { value, text: text(`protection.undo.lane.${value}`), checked: chosen.includes(value) };
  });
  return showUndo(visit, { serviceId: service.id, form, max: UNDO_MAX_SECONDS, lanes });
}

function save(visit: ServiceVisit): Promise<Answer> {
  const { app, service, text } = visit;
  const ticked = readList(visit, "lanes");
  const values = { ...readFields(visit, ["seconds"]), lanes: ticked.join(" ") };
  return submit({
    values,
    refusedAt: "seconds",
    act: async () => {
      const lanes = UNDO_LANES.filter((lane) => ticked.includes(lane));
      const value = { seconds: parseLimit(values.seconds) ?? 0, lanes };
      await setUndoWindow(app, actorOf(visit), { serviceId: service.id, value });
      return redirect(`/services/${service.id}/settings`, { flash: text("settings.saved") });
    },
    showAgain: (form) => show(visit, form),
  });
}
