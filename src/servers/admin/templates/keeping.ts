/** `/services/:sid/templates/:tid/keeping`: what is kept of the words of messages once they have been sent. */
import { KEEPINGS, type Keeping } from "../../../core/content/keeping.ts";
import { setKeeping } from "../../../flow/templates/set-keeping.ts";
import { actorOf } from "../http/actor.ts";
import { type Answer, redirect } from "../http/answer.ts";
import { type Form, formOf, InvalidFields, readFields, submit } from "../http/form.ts";
import { page } from "../http/page.ts";
import { type Route, route } from "../http/route.ts";
import type { ServiceVisit } from "../http/visit.ts";
import { TEMPLATES_URL, templatePath } from "./paths.ts";
import { templateOf } from "./who.ts";

interface Item {
  value: Keeping;
  text: string;
  hint: { text: string };
}

const showKeeping = page<{ form: Form<"keeps">; items: readonly Item[]; back: string }>("templates/keeping.njk");

const KEEPING_URL = `${TEMPLATES_URL}/:tid/keeping`;
const who = { permission: "manage_templates" } as const;

export const keepingRoutes: readonly Route[] = [
  route({ method: "GET", url: KEEPING_URL, who, handler: openKeeping }),
  route({ method: "POST", url: KEEPING_URL, who, handler: saveKeeping }),
];

async function openKeeping(visit: ServiceVisit): Promise<Answer> {
  const { id, keeps } = await templateOf(visit);
  return show(visit, id, formOf({ keeps }));
}

function show(visit: ServiceVisit, templateId: string, form: Form<"keeps">): Answer {
  const { service, text } = visit;
  const items = KEEPINGS.map((value) => ({
    value,
    text: text(`templates.keeping.${value}`),
    hint: { text: text(`templates.keeping.${value}.hint`) },
  }));
  return showKeeping(visit, { form, items, back: templatePath(service.id, templateId) });
}

async function saveKeeping(visit: ServiceVisit): Promise<Answer> {
  const { app, service, text } = visit;
  const { id } = await templateOf(visit);
  const values = readFields(visit, ["keeps"]);
  return submit({
    values,
    refusedAt: "keeps",
    act: async () => {
      const keeps = KEEPINGS.find((one) => one === values.keeps);
      if (!keeps) throw new InvalidFields({ keeps: text("templates.keeping.choose") });
      await setKeeping(app, actorOf(visit), { serviceId: service.id, templateId: id, keeps });
      return redirect(templatePath(service.id, id), { flash: text("templates.keeping.saved") });
    },
    showAgain: (form) => show(visit, id, form),
  });
}
